package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds and removes what runs that were killed left behind: cgroups with the processes in them,
 * network namespaces, directories. One thread; may block for some seconds; no state.
 */
public final class SceneSweep {
  private SceneSweep() {}

  /**
   * Removes every leftover of runs whose process has ended.
   *
   * @return what was removed, one description each
   * @throws SceneException when something cannot be removed
   */
  public static List<String> removeLeftovers() {
    List<String> removed = new ArrayList<>();
    // processes first: they hold the namespaces
    for (Path cgroup : cgroups()) {
      if (SceneName.isLeftover(fileName(cgroup))) {
        CgroupTree.existing(cgroup).close();
        removed.add("cgroup " + cgroup);
      }
    }
    for (Path namespace : list(PodNetwork.NAMESPACES)) {
      if (SceneName.isLeftover(fileName(namespace))) {
        PodNetwork.delete(fileName(namespace));
        removed.add("network namespace " + fileName(namespace));
      }
    }
    for (Path directory : list(temporary())) {
      if (SceneName.isLeftover(fileName(directory))) {
        SceneDirectory.existing(directory).close();
        removed.add("directory " + directory);
      }
    }
    return removed;
  }

  /** Everything on this host whose name begins with {@code name}; empty after a clean teardown. */
  public static List<String> remains(SceneName name) {
    return Stream.of(cgroups(), list(PodNetwork.NAMESPACES), list(temporary()))
        .flatMap(List::stream)
        .filter(path -> fileName(path).startsWith(name.toString()))
        .map(Path::toString)
        .toList();
  }

  private static List<Path> cgroups() {
    return CgroupTree.mountPoint().map(SceneSweep::list).orElse(List.of());
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
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
