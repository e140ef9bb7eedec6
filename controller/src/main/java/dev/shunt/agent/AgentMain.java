package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.OnStop;
import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.cli.StopSignal;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node process from its first check to its last line. */
final class AgentMain {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);

  private AgentMain() {}

  /**
   * Runs the node until it is told to stop.
   *
   * @throws CannotRunException something is missing; nothing is left attached
   */
  static int run(AgentConfig config) {
    long started = System.nanoTime();
    try (StopSignal signal = StopSignal.install()) {
      Prerequisites.check();
      Libbpf libbpf = Prerequisites.libbpf(config.places().libbpf());
      Prerequisites.mounts(config.places().pins());
      runAlone(config, libbpf, signal, started);
      signal.stoppedCleanly();
      return ExitCode.OK;
    }
  }

  private static void runAlone(
      AgentConfig config, Libbpf libbpf, StopSignal signal, long startedNanos) {
    try (FileChannel state = lock(config.places().state());
        PinLock pins = PinLock.take(config.places().pins());
        CgroupLock cgroups = CgroupLock.take(Prerequisites.cgroups(), config.scope().cgroups())) {
      LOG.debug("hold {}, {} and {}", state, pins, cgroups);
      Node node = start(config, libbpf, cgroups);
      if (!signal.isAsked()) {
        System.out.println(node.readyLine(Duration.ofNanos(System.nanoTime() - startedNanos)));
      }
      awaitStop(node, config.onStop(), signal);
    } catch (IOException failed) {
      throw new CannotRunException(
          "use state directory " + config.places().state() + " failed: " + failed.getMessage(),
          failed);
    }
  }

  private static Node start(AgentConfig config, Libbpf libbpf, CgroupLock cgroups) {
    try {
      return Node.start(config, libbpf, cgroups);
    } catch (BpfException refused) {
      String log = refused.log();
      if (!log.isEmpty()) {
        LOG.error("the verifier's log:\n{}", log);
      }
      throw new CannotRunException(refused.getMessage() + "; nothing is left attached", refused);
    }
  }

  /** One node per state directory: two would overwrite each other's mode and endpoint ids. */
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

  private static void awaitStop(Node node, OnStop onStop, StopSignal signal) {
    try {
      signal.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    node.stop(onStop);
  }
}
