package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.SceneCommand;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Go that can build Kubernetes: the one on this machine, or, where that is too old, the toolchain
 * that Go's own module proxy serves. Stateless; blocks for a download the first time.
 */
final class GoToolchain {
  /** Kubernetes 1.34 asks for Go 1.24 (its go.mod). */
  static final int OLDEST_MINOR = 24;

  /** What is fetched otherwise: a module like any other, checked against Go's checksum database. */
  private static final String FETCHED = "1.24.13";

  private static final Pattern VERSION = Pattern.compile("go1\\.(\\d+)");
  private static final Pattern FOLDER = Pattern.compile("\"Dir\":\\s*\"([^\"]+)\"");
  private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(10);

  private GoToolchain() {}

  /**
   * The program {@code go}.
   *
   * @throws SceneUnavailableException when there is no Go at all, or none new enough can be had
   */
  static Path go(ClusterCache cache) {
    String installed = SceneRequirements.program("go");
    String version = SceneCommand.run(List.of(installed, "env", "GOVERSION"));
    return isNewEnough(version) ? Path.of(installed) : fetched(installed, cache);
  }

  /**
   * Whether a version can build Kubernetes.
   *
   * @param version as {@code go env GOVERSION} has it
   */
  static boolean isNewEnough(String version) {
    Matcher found = VERSION.matcher(version);
    return found.lookingAt() && Integer.parseInt(found.group(1)) >= OLDEST_MINOR;
  }

  private static Path fetched(String installed, ClusterCache cache) {
    String module = "golang.org/toolchain@v0.0.1-go" + FETCHED + ".linux-" + architecture();
    return cache
        .keep(
            "go",
            FETCHED,
            fresh -> {
              String answer =
                  SceneCommand.run(
                      List.of(installed, "mod", "download", "-json", module), "", DOWNLOAD_LIMIT);
              copy(Path.of(folder(answer)), fresh.resolve("go"));
            })
        .resolve("go/bin/go");
  }

  private static String folder(String answer) {
    Matcher found = FOLDER.matcher(answer);
    if (!found.find()) {
      throw new SceneUnavailableException(
          "fetch Go " + FETCHED + " failed: no folder in the answer: " + answer);
    }
    return found.group(1);
  }

  /** Files of a module are not executable; those of a toolchain have to be. */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> found = Files.walk(from)) {
      found.forEach(
          each -> {
            Path target = to.resolve(from.relativize(each).toString());
            try {
              if (Files.isDirectory(each)) {
                Files.createDirectories(target);
              } else {
                Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                target.toFile().setWritable(true, true);
                target.toFile().setExecutable(isProgram(target), false);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isProgram(Path file) {
    String path = file.toString();
    return path.contains("/go/bin/") || path.contains("/pkg/tool/");
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }
}
