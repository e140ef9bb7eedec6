package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread that starts a node's processes. It lives as long as the kubelet: the kernel kills
 * a process when the thread that started it ends (PR_SET_PDEATHSIG, prctl(2)). Any thread calls it.
 */
final class Spawner implements AutoCloseable {
  private final ExecutorService thread;

  Spawner(String nodeName) {
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "kubelet-spawner-" + nodeName);
              made.setDaemon(true);
              return made;
            });
  }

  /**
   * Starts a process with exactly these variables.
   *
   * @param log gets its standard output and error
   * @throws SceneException when it cannot be started
   */
  Process start(List<String> argv, Map<String, String> environment, Path log) {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return CompletableFuture.supplyAsync(() -> start(builder), thread).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SceneException known) {
        throw known;
      }
      throw e;
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new SceneException("start container failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
