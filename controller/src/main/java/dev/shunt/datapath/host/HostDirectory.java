package dev.shunt.datapath.host;

import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory of the host that is mounted into this container. A mount point cannot be removed from
 * inside; its name on the host can, through the root of a process that lives there. Needs the
 * host's process ids and CAP_SYS_PTRACE. Stateless.
 */
public final class HostDirectory {
  /**
   * Processes in the host's mount namespace: the first one, and kthreadd, which can be looked at
   * where a security module guards the first.
   */
  private static final List<Path> WITNESSES = List.of(Path.of("/proc/1"), Path.of("/proc/2"));

  private HostDirectory() {}

  /**
   * A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
   *
   * @param device major and minor number of the file system
   * @param root what of the file system is mounted
   * @param place where
   */
  private record Mount(String device, Path root, Path place) {
    static Mount of(String line) {
      String[] fields = line.split(" ", -1);
      return new Mount(
          fields[2],
          Path.of(Linux.unescapeMount(fields[3])),
          Path.of(Linux.unescapeMount(fields[4])));
    }
  }

  /**
   * The same directory by the host's name for it, through {@code /proc/PID/root}.
   *
   * @param mounted a mount point of this process
   * @return empty when the host has no name for it, or mounted something there itself
   */
  public static Optional<Path> of(Path mounted) {
    Path place = mounted.toAbsolutePath().normalize();
    return WITNESSES.stream().flatMap(witness -> seenBy(witness, place).stream()).findFirst();
  }

  private static Optional<Path> seenBy(Path witness, Path mounted) {
    try {
      return locate(
              mounted,
              Files.readAllLines(Path.of("/proc/self/mountinfo")),
              Files.readAllLines(witness.resolve("mountinfo")))
          .map(path -> witness.resolve("root").resolve(Path.of("/").relativize(path)))
          .filter(path -> isSame(path, mounted));
    } catch (IOException | UncheckedIOException notForUs) {
      return Optional.empty();
    }
  }

  private static boolean isSame(Path one, Path other) {
    return Files.isDirectory(one) && Linux.identityOf(one).equals(Linux.identityOf(other));
  }

  /**
   * Where the host has what this process sees at a mount point.
   *
   * @param own mountinfo of this process
   * @param host mountinfo of a process of the host
   */
  static Optional<Path> locate(Path mounted, List<String> own, List<String> host) {
    List<Mount> others = host.stream().map(Mount::of).toList();
    return own.stream()
        .map(Mount::of)
        .filter(mount -> mount.place().equals(mounted))
        .reduce((below, above) -> above)
        .flatMap(
            mine ->
                others.stream()
                    .filter(mount -> mount.device().equals(mine.device()))
                    .filter(mount -> mine.root().startsWith(mount.root()))
                    .map(mount -> mount.place().resolve(mount.root().relativize(mine.root())))
                    .filter(path -> others.stream().noneMatch(it -> it.place().equals(path)))
                    .findFirst());
  }
}
