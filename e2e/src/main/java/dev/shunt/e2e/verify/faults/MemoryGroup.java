package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A memory cgroup with a limit, in whichever hierarchy has the controller: v1 where that is
 * mounted, else v2. One thread; {@link #close} removes it.
 */
final class MemoryGroup implements AutoCloseable {
  private static final Duration EMPTY_LIMIT = Duration.ofSeconds(10);
  private static final String JOIN = "echo $$ >\"$0\" && exec \"$@\"";

  private final Path path;
  private final Owner owner;

  /** Whose cgroup it is. */
  private enum Owner {
    THIS,
    BED
  }

  private MemoryGroup(Path path, Owner owner) {
    this.path = path;
    this.owner = owner;
  }

  /**
   * Makes one for loads. In v2 a process has one cgroup: there it is the bed's own that is limited.
   *
   * @throws SceneException when this host has no memory controller
   */
  static MemoryGroup ofLoads(FaultStage stage, long bytes) {
    if (mount("cgroup", "memory").isPresent()) {
      return make(stage, "load", bytes);
    }
    MemoryGroup group = new MemoryGroup(stage.bed().cgroup().path(), Owner.BED);
    write(group.path.resolve("memory.max"), Long.toString(bytes));
    return group;
  }

  /**
   * Makes one for processes that need not be in the bed's own cgroup.
   *
   * @throws SceneException when this host has no memory controller
   */
  static MemoryGroup make(FaultStage stage, String name, long bytes) {
    Path root =
        mount("cgroup", "memory")
            .or(() -> mount("cgroup2", ""))
            .orElseThrow(() -> new SceneException("this host has no memory controller"));
    MemoryGroup group = new MemoryGroup(root.resolve(stage.bed().name() + "-" + name), Owner.THIS);
    try {
      Files.createDirectory(group.path);
      group.limit(bytes);
      return group;
    } catch (IOException e) {
      throw new SceneException("create cgroup " + group.path + " failed: " + e, e);
    }
  }

  private static Optional<Path> mount(String type, String option) {
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields[2].equals(type))
          .filter(fields -> option.isEmpty() || List.of(fields[3].split(",", -1)).contains(option))
          .map(fields -> Path.of(fields[1]))
          .findFirst();
    } catch (IOException e) {
      throw new SceneException("read mounts failed: " + e, e);
    }
  }

  private void limit(long bytes) throws IOException {
    Path v1 = path.resolve("memory.limit_in_bytes");
    Files.writeString(Files.exists(v1) ? v1 : path.resolve("memory.max"), Long.toString(bytes));
  }

  /** Limits what the TCP sockets of its processes hold; v2 counts that with all else. */
  void limitSockets(long bytes) {
    Path v1 = path.resolve("memory.kmem.tcp.limit_in_bytes");
    if (Files.exists(v1)) {
      write(v1, Long.toString(bytes));
    }
  }

  /** Moves a process into it; what it holds already stays where it is counted. */
  void take(long pid) {
    write(path.resolve("cgroup.procs"), Long.toString(pid));
  }

  /** The command that joins it and becomes {@code argv}. */
  List<String> joining(List<String> argv) {
    if (owner == Owner.BED) {
      return argv; // it joins the bed's by itself
    }
    return Stream.concat(
            Stream.of("/bin/sh", "-c", JOIN, path.resolve("cgroup.procs").toString()),
            argv.stream())
        .toList();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  @Override
  public void close() {
    if (owner == Owner.THIS && !Await.until(this::remove, EMPTY_LIMIT)) {
      throw new SceneException("remove cgroup " + path + " failed: it is still in use");
    }
  }

  private boolean remove() {
    try {
      Files.deleteIfExists(path);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
