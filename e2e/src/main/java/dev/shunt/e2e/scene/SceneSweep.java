package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds and removes what runs that were killed left behind: cgroups with the processes in them,
 * network namespaces, pins, directories. One thread; may block for some seconds; no state.
 */
public final class SceneSweep {
  /** Where runs that start a node let it pin, in a directory of the run's name. */
  public static final Path BPF_PINS = Path.of("/sys/fs/bpf");

  private SceneSweep() {}

  /**
   * Removes every leftover of runs whose process has ended.
   *
   * @return what was removed, one description each
   * @throws SceneException when something cannot be removed
   */
  public static List<String> removeLeftovers() {
    return removeNamed(SceneName::isLeftover);
  }

  /** Removes whatever still belongs to {@code name}; as {@link #removeLeftovers} otherwise. */
  public static List<String> remove(SceneName name) {
    return removeNamed(found -> found.startsWith(name.toString()));
  }

  /** Removes whatever belongs to any run of this process; as {@link #removeLeftovers} otherwise. */
  static List<String> removeOwn() {
    return removeNamed(SceneName::isOwn);
  }

  private static List<String> removeNamed(Predicate<String> wanted) {
    List<String> removed = new ArrayList<>();
    // processes first: they hold the namespaces
    for (Path cgroup : matching(cgroups(), wanted)) {
      CgroupTree.existing(cgroup).close();
      removed.add("cgroup " + cgroup);
    }
    for (Path namespace : matching(list(PodNetwork.NAMESPACES), wanted)) {
      PodNetwork.delete(fileName(namespace));
      removed.add("network namespace " + namespace);
    }
    // removing the pins of a node that was killed detaches its programs
    for (Path directory : matching(directories(), wanted)) {
      SceneDirectory.existing(directory).close();
      removed.add("directory " + directory);
    }
    return removed;
  }

  private static List<Path> matching(List<Path> paths, Predicate<String> wanted) {
    return paths.stream().filter(path -> wanted.test(fileName(path))).toList();
  }

  /** Everything on this host whose name begins with {@code name}; empty after a clean teardown. */
  public static List<String> remains(SceneName name) {
    return Stream.of(cgroups(), list(PodNetwork.NAMESPACES), directories())
        .flatMap(List::stream)
        .filter(path -> fileName(path).startsWith(name.toString()))
        .map(Path::toString)
        .toList();
  }

  private static List<Path> cgroups() {
    return CgroupTree.mountPoint().map(SceneSweep::list).orElse(List.of());
  }

  private static List<Path> directories() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return Stream.of(list(temporary), list(BPF_PINS)).flatMap(List::stream).toList();
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of(); // absent before the first namespace is made
    }
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
