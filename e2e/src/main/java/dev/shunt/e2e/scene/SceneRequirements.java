package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a host must have for a scene to run, with the remedy for what it lacks. Any thread; no
 * state.
 */
public final class SceneRequirements {
  static final String NO_CGROUP2 =
      "find cgroup v2 failed: no cgroup2 mount in /proc/self/mounts; run: mount -t cgroup2 none"
          + " /sys/fs/cgroup";

  private static final List<Tool> TOOLS =
      List.of(
          new Tool("haproxy", "haproxy"),
          new Tool("nginx", "nginx-light"),
          new Tool("wrk", "wrk"),
          new Tool("ip", "iproute2"),
          new Tool("iptables-restore", "iptables"),
          new Tool("nsenter", "util-linux"),
          new Tool("setpriv", "util-linux"));

  private record Tool(String program, String debianPackage) {}

  private SceneRequirements() {}

  /**
   * Checks everything that a scene needs.
   *
   * @throws SceneUnavailableException with one line that names all that is missing and the remedy
   */
  public static void check() {
    problem().ifPresent(SceneRequirements::refuse);
  }

  private static void refuse(String problem) {
    throw new SceneUnavailableException(problem);
  }

  /** The first thing in the way with its remedy, or empty when a scene can run here. */
  public static Optional<String> problem() {
    if (!isRoot()) {
      return Optional.of(
          "make network namespaces failed: not root (EPERM/1); run the same command with sudo");
    }
    List<String> missing = new ArrayList<>();
    Set<String> packages = new LinkedHashSet<>();
    for (Tool tool : TOOLS) {
      if (find(tool.program()).isEmpty()) {
        missing.add(tool.program());
        packages.add(tool.debianPackage());
      }
    }
    if (!missing.isEmpty()) {
      return Optional.of(
          String.format(
              "find %s failed: not installed; run: apt-get install -y --no-install-recommends %s",
              String.join(", ", missing), String.join(" ", packages)));
    }
    return CgroupTree.mountPoint().isEmpty() ? Optional.of(NO_CGROUP2) : Optional.empty();
  }

  private static boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Path> find(String program) {
    // a user's PATH often lacks the sbin folders where haproxy, nginx and ip live
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream((path + ":/usr/sbin:/sbin:/usr/local/sbin").split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The absolute path of one of the programs that {@link #check} looks for.
   *
   * @throws SceneUnavailableException when it is not installed
   */
  public static String program(String name) {
    return find(name)
        .map(Path::toString)
        .orElseThrow(
            () -> new SceneUnavailableException("find " + name + " failed: not installed"));
  }
}
