package dev.shunt.e2e.cluster;

import static dev.shunt.e2e.scene.PodNetwork.inside;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * kubectl or helm, as a user of the cluster runs it. Any thread; blocks for as long as the command
 * takes.
 *
 * @param namespace network namespace that it runs in
 * @param program what is run
 * @param kubeconfig who runs it
 * @param home its own HOME, and where its output goes
 */
public record KubeTool(String namespace, Path program, Path kubeconfig, Path home) {
  /** Longer than what helm is told to wait. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private static final AtomicInteger RUNS = new AtomicInteger();

  /**
   * What a command gave.
   *
   * @param exitCode 0: it worked
   * @param out its standard output
   * @param errors its standard error
   */
  public record Result(int exitCode, String out, String errors) {}

  /** Runs a command to its end, whatever that is. */
  public Result tryRun(String... arguments) {
    int run = RUNS.incrementAndGet();
    Path out = home.resolve("run-" + run + ".out");
    Path errors = home.resolve("run-" + run + ".err");
    List<String> argv = new ArrayList<>(List.of("/usr/bin/env", "HOME=" + home));
    argv.add("KUBECONFIG=" + kubeconfig);
    argv.add(program.toString());
    argv.addAll(List.of(arguments));
    SceneProcess process =
        SceneProcess.startWithErrors(
            String.valueOf(program.getFileName()), inside(namespace, argv), out, errors);
    int exitCode = process.awaitExit(LIMIT);
    return new Result(exitCode, process.log(), read(errors));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  /**
   * Runs a command and gives what it printed.
   *
   * @throws SceneException when it fails; the message has what it said
   */
  public String run(String... arguments) {
    Result result = tryRun(arguments);
    if (result.exitCode() != 0) {
      throw new SceneException(
          "%s %s failed: exit %d: %s"
              .formatted(
                  program.getFileName(),
                  String.join(" ", arguments),
                  result.exitCode(),
                  (result.errors() + result.out()).strip().replaceAll("\\s*\\R\\s*", " | ")));
    }
    return result.out();
  }
}
