package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.OnStop;
import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node process from its first check to its last line. */
final class AgentMain {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  private AgentMain() {}

  /**
   * Runs the node until it is told to stop.
   *
   * @throws CannotRunException something is missing; nothing is left attached
   */
  static int run(AgentConfig config) {
    long started = System.nanoTime();
    Prerequisites.check();
    Libbpf libbpf = Prerequisites.libbpf(config.places().libbpf());
    Prerequisites.mounts(config.places().pins());
    try (FileChannel lockFile = lock(config.places().state())) {
      Node node = start(config, libbpf);
      System.out.println(node.readyLine(Duration.ofNanos(System.nanoTime() - started)));
      awaitStop(node, config.onStop());
      LOG.debug("released {}", lockFile);
      return ExitCode.OK;
    } catch (IOException failed) {
      throw new CannotRunException(
          "use state directory " + config.places().state() + " failed: " + failed.getMessage(),
          failed);
    }
  }

  private static Node start(AgentConfig config, Libbpf libbpf) {
    try {
      return Node.start(config, libbpf);
    } catch (BpfException refused) {
      String log = refused.log();
      if (!log.isEmpty()) {
        LOG.error("the verifier's log:\n{}", log);
      }
      throw new CannotRunException(refused.getMessage() + "; nothing is left attached", refused);
    }
  }

  /** One node per state directory: two would undo each other's work. */
  private static FileChannel lock(Path state) throws IOException {
    if (!Files.isDirectory(state)) {
      Files.createDirectories(state);
      Files.setAttribute(state, "unix:mode", 0750);
    }
    Path file = state.resolve("node.lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new CannotRunException(
          "lock " + file + " failed: another node is running with this --state-dir; stop it first");
    }
    return channel;
  }

  /**
   * A signal ends the JVM when the shutdown hook returns, with 128 + its number: the hook waits for
   * the stop and gives a clean one the exit code of success.
   */
  private static void awaitStop(Node node, OnStop onStop) {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              asked.countDown();
              if (await(done, STOP_PATIENCE)) {
                Runtime.getRuntime().halt(ExitCode.OK);
              }
            },
            "shunt-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      asked.await();
      node.stop(onStop);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      node.stop(onStop);
    } finally {
      done.countDown();
    }
  }

  private static boolean await(CountDownLatch latch, Duration patience) {
    try {
      if (latch.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      LOG.warn("stop took longer than {} s; leaving", patience.toSeconds());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
