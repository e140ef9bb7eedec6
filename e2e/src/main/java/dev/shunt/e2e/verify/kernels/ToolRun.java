package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs one tool to its end and gives what it printed. No state; blocks. */
final class ToolRun {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private ToolRun() {}

  /**
   * The lines that the tool printed.
   *
   * @param name of the log file below {@code directory}, and of the tool in messages
   * @throws SceneException when it ends with another code than 0
   */
  static List<String> lines(Path directory, String name, List<String> argv) {
    try {
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new SceneException("make directory " + directory + " failed: " + failed, failed);
    }
    try (SceneProcess process = SceneProcess.start(name, argv, directory.resolve(name + ".log"))) {
      if (process.awaitExit(LIMIT) != 0) {
        throw new SceneException(name + " failed: " + process.logTail());
      }
      return process.log().lines().toList();
    }
  }
}
