package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One cgroup v2 directory made for a scene, and what is below it. One thread; {@link #close} also
 * from a shutdown hook: it kills what still runs inside and removes the whole tree.
 */
public final class CgroupTree implements AutoCloseable {
  private static final Duration EMPTY_LIMIT = Duration.ofSeconds(5);

  /** Constant: path and arguments come in as positional parameters, never as shell source. */
  private static final String JOIN = "echo $$ >\"$0\" && exec \"$@\"";

  private final Path path;

  private CgroupTree(Path path) {
    this.path = path;
  }

  /**
   * The mount point of the cgroup v2 hierarchy (on hybrid hosts the one beside the v1 mounts), or
   * empty when none is mounted.
   */
  public static Optional<Path> mountPoint() {
    try {
      return mountPointIn(Files.readAllLines(Path.of("/proc/self/mounts")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<Path> mountPointIn(List<String> mounts) {
    return mounts.stream()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
        .map(fields -> Path.of(fields[1].replace("\\040", " ")))
        .findFirst();
  }

  /**
   * Makes {@code name} below the root of the cgroup v2 hierarchy.
   *
   * @throws SceneException when there is no hierarchy or the directory cannot be made
   */
  public static CgroupTree create(String name) {
    Path root =
        mountPoint().orElseThrow(() -> new SceneUnavailableException(SceneRequirements.NO_CGROUP2));
    return make(root.resolve(name));
  }

  /** A cgroup that somebody else made, there or not; closing it removes it. */
  public static CgroupTree existing(Path path) {
    return new CgroupTree(path);
  }

  /** Makes a cgroup below this one; it goes when this one is closed. */
  public CgroupTree child(String name) {
    return make(path.resolve(name));
  }

  /** A cgroup some levels below this one; what is missing is made and goes with this one. */
  public CgroupTree below(List<String> names) {
    Path target = path;
    for (String name : names) {
      target = target.resolve(name);
    }
    try {
      return new CgroupTree(Files.createDirectories(target));
    } catch (IOException e) {
      throw new SceneException("create cgroup " + target + " failed: " + e, e);
    }
  }

  private static CgroupTree make(Path path) {
    try {
      return new CgroupTree(Files.createDirectory(path));
    } catch (IOException e) {
      throw new SceneException("create cgroup " + path + " failed: " + e, e);
    }
  }

  public Path path() {
    return path;
  }

  /**
   * The argument list that joins this cgroup and then becomes {@code argv}. A process must be a
   * member before it opens a socket: a socket belongs to the cgroup of its creator for good.
   */
  public List<String> joining(List<String> argv) {
    List<String> joined =
        new ArrayList<>(List.of("/bin/sh", "-c", JOIN, path.resolve("cgroup.procs").toString()));
    joined.addAll(argv);
    return joined;
  }

  /**
   * CPU time that this cgroup and those below it used, in microseconds. Every cgroup2 group has it,
   * also where the cpu controller sits in v1; interrupt work done while a member runs counts too
   * unless the kernel has CONFIG_IRQ_TIME_ACCOUNTING.
   */
  public long cpuMicros() {
    Path file = path.resolve("cpu.stat");
    try {
      return cpuMicrosIn(Files.readAllLines(file));
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  static long cpuMicrosIn(List<String> stat) {
    return stat.stream()
        .filter(line -> line.startsWith("usage_usec "))
        .mapToLong(line -> Long.parseLong(line.substring("usage_usec ".length()).strip()))
        .findFirst()
        .orElseThrow(() -> new SceneException("read cpu.stat failed: no usage_usec line"));
  }

  /** Ids of the processes in this cgroup and below. */
  public List<Long> processIds() {
    return directories().stream().flatMap(CgroupTree::processIdsIn).toList();
  }

  private static Stream<Long> processIdsIn(Path directory) {
    try {
      return Files.readAllLines(directory.resolve("cgroup.procs")).stream().map(Long::valueOf);
    } catch (IOException e) {
      return Stream.empty(); // removed meanwhile
    }
  }

  @Override
  public void close() {
    if (!Files.exists(path)) {
      return;
    }
    if (!processIds().isEmpty()) {
      processIds().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Await.until(() -> processIds().isEmpty(), EMPTY_LIMIT);
    }
    List<Path> deepestFirst = new ArrayList<>(directories());
    deepestFirst.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    deepestFirst.forEach(CgroupTree::removeWhenEmpty);
  }

  private static void removeWhenEmpty(Path directory) {
    // rmdir says EBUSY until the last exited member is reaped, which may be a moment later
    boolean gone = Await.until(() -> remove(directory), EMPTY_LIMIT);
    if (!gone) {
      throw new SceneException("remove cgroup " + directory + " failed: it is still in use");
    }
  }

  private static boolean remove(Path directory) {
    try {
      Files.deleteIfExists(directory);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<Path> directories() {
    try (Stream<Path> found = Files.find(path, 16, (p, attributes) -> attributes.isDirectory())) {
      return found.toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
