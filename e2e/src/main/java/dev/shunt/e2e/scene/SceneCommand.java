package dev.shunt.e2e.scene;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs one short external command to its end. Blocks the caller for at most the command's limit;
 * any thread; keeps no state.
 */
public final class SceneCommand {
  /** Configuration commands take milliseconds; one that needs this long hangs. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private SceneCommand() {}

  /**
   * Runs {@code argv} and returns what it printed.
   *
   * @throws SceneException when it cannot be started, exits non-zero or hangs; the message carries
   *     the command and its output
   */
  public static String run(List<String> argv) {
    return run(argv, "", LIMIT);
  }

  /** As {@link #run}, with {@code input} on the command's standard input. */
  public static String runWithInput(List<String> argv, String input) {
    return run(argv, input, LIMIT);
  }

  /** As {@link #runWithInput}, for a command that may take up to {@code limit}. */
  public static String run(List<String> argv, String input, Duration limit) {
    String shown = String.join(" ", argv);
    try {
      Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process));
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new SceneException("run " + shown + " failed: still running after " + limit);
      }
      String text = output.join().strip();
      if (process.exitValue() != 0) {
        throw new SceneException(
            "run " + shown + " failed: exit " + process.exitValue() + ": " + oneLine(text));
      }
      return text;
    } catch (IOException e) {
      throw new SceneException("run " + shown + " failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SceneException("run " + shown + " failed: interrupted", e);
    }
  }

  private static String readAll(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " | ");
  }
}
