package dev.shunt.e2e.verify.faults;

import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.NodeTotalsMap;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The node process ends, halts or is told to change its mind. Stateless. */
final class NodeFaults {
  private static final int KILLS = 5;
  private static final int FLIPS = 10;
  private static final long HALT_SECONDS = 10;
  private static final Duration EVENTS_LIMIT = Duration.ofSeconds(60);

  private NodeFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault("node_killed", "kill -9 of the node, then a start", NodeFaults::killed),
        new Fault("node_killed_often", KILLS + " times kill -9 and start", NodeFaults::killedOften),
        new Fault("node_kept", "stop with --on-stop=keep, then a start", NodeFaults::kept),
        new Fault("node_drained", "stop with --on-stop=drain, then a start", NodeFaults::drained),
        new Fault("node_halted", "SIGSTOP for " + HALT_SECONDS + " s", NodeFaults::halted),
        new Fault("mode_flips", FLIPS + " times off, observe and back", NodeFaults::modeFlips),
        new Fault(
            "ring_overrun", "events wanted, and nobody reads the ring", NodeFaults::ringOverrun));
  }

  private static Fault.Outcome killed(FaultStage stage) {
    stage.node().kill();
    stage.node().start();
    stage.awaitRedirecting();
    return new Fault.Outcome(readyLine(stage.node()), 0);
  }

  private static Fault.Outcome killedOften(FaultStage stage) {
    for (int i = 0; i < KILLS; i++) {
      killed(stage);
    }
    return new Fault.Outcome(readyLine(stage.node()), 0);
  }

  private static Fault.Outcome kept(FaultStage stage) {
    stage.node().close();
    stage.node().start("keep");
    stage.awaitRedirecting();
    long before = stage.node().stats().bytesRedirected();
    stage.node().close();
    stage.node().start();
    if (stage.node().stats().bytesRedirected() <= before) {
      throw new SceneException("nothing was redirected while no node ran");
    }
    stage.awaitRedirecting();
    return new Fault.Outcome(readyLine(stage.node()), 0);
  }

  private static Fault.Outcome drained(FaultStage stage) {
    stage.node().close();
    if (stage.node().isPinned()) {
      throw new SceneException("the node left pins behind");
    }
    long begin = System.nanoTime();
    stage.node().start();
    // live connections stay on TCP: they are older than this node; new ones are accelerated
    stage.awaitRedirecting();
    return new Fault.Outcome(readyLine(stage.node()), millisSince(begin));
  }

  private static Fault.Outcome halted(FaultStage stage) {
    String pid = Long.toString(stage.node().pid());
    long before = stage.node().stats().bytesRedirected();
    stage.run("kill", "-STOP", pid);
    stage.run("sleep", Long.toString(HALT_SECONDS));
    stage.run("kill", "-CONT", pid);
    if (stage.node().stats().bytesRedirected() <= before) {
      throw new SceneException("nothing was redirected while the node stood still");
    }
    stage.awaitRedirecting();
    return new Fault.Outcome("", 0);
  }

  private static Fault.Outcome modeFlips(FaultStage stage) {
    long slowest = 0;
    for (int i = 0; i < FLIPS; i++) {
      stage.node().mode(i % 2 == 0 ? "off" : "observe");
      stage.awaitQuiet();
      stage.node().mode("policy");
      slowest = Math.max(slowest, stage.awaitRedirecting());
    }
    return new Fault.Outcome("", slowest);
  }

  private static Fault.Outcome ringOverrun(FaultStage stage) {
    SceneProcess watch = stage.add(stage.node().watch("events"));
    stage.startLoad("connection_churn", "--count", "500");
    if (!Await.until(() -> !watch.log().isEmpty(), EVENTS_LIMIT)) {
      throw new SceneException("no event came");
    }
    String pid = Long.toString(stage.node().pid());
    Path totals = HostFaults.version(stage.node()).resolve("maps/node_totals");
    stage.run("kill", "-STOP", pid);
    try (BpfMap map = new Libbpf().openMap(totals).orElseThrow()) {
      NodeTotalsMap counters = new NodeTotalsMap(map);
      if (!Await.until(() -> counters.sum().eventsLost() > 0, EVENTS_LIMIT)) {
        throw new SceneException("no event was counted as lost");
      }
    } finally {
      stage.run("kill", "-CONT", pid);
    }
    if (stage.node().ask("stats").document().contains("\"events_lost\": 0")) {
      throw new SceneException("stats does not tell that events were lost");
    }
    stage.awaitRedirecting();
    return new Fault.Outcome("events_lost above 0 in stats and metrics", 0);
  }

  private static long millisSince(long begin) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }

  static String readyLine(NodeHost node) {
    return node.log()
        .lines()
        .filter(line -> line.contains("node ready"))
        .reduce((first, last) -> last)
        .orElseThrow(() -> new SceneException("the node never said that it is ready"))
        .replaceAll("namespaces \\S+", "namespaces ...");
  }
}
