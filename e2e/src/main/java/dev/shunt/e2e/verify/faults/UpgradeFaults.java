package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import dev.shunt.e2e.verify.behaviour.Observations;
import dev.shunt.e2e.verify.behaviour.PeerBed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another version of the node takes over, or tries to. Stateless. */
final class UpgradeFaults {
  private static final int ROUNDS = 3;
  private static final long LONGEST_MILLIS = 50;
  private static final Pattern OLD =
      Pattern.compile("(?s)\"old_versions\": \\[.*?\"connections\": \"?(\\d+)");

  private UpgradeFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "upgrade",
            "kill -9, a start of a version with other programs, and back",
            UpgradeFaults::sameLayout),
        new Fault(
            "upgrade_layout",
            "kill -9, a start of a version with other maps, and back",
            UpgradeFaults::otherLayout),
        new Fault(
            "upgrade_latency",
            ROUNDS + " upgrades, there and back, while a light load measures how long it waits",
            UpgradeFaults::latency),
        new Fault(
            "verifier_refusal",
            "kill -9, a start of a version that the kernel refuses, and back",
            UpgradeFaults::refused));
  }

  private static Fault.Outcome sameLayout(FaultStage stage) {
    ShuntProgram next = stage.builds().sameLayout();
    stage.awaitRedirecting();
    long before = stage.node().stats().bytesRedirected();
    stage.replaceNode(new NodeHost(stage.bed(), next));
    // the same maps: what was redirected while no node ran is in the same counters
    if (stage.node().stats().bytesRedirected() <= before) {
      throw new SceneException("nothing was redirected during the upgrade");
    }
    stage.awaitRedirecting();
    String message = NodeFaults.readyLine(stage.node());
    stage.replaceNode(new NodeHost(stage.bed()));
    stage.awaitRedirecting();
    return new Fault.Outcome(message, 0);
  }

  private static Fault.Outcome otherLayout(FaultStage stage) {
    stage.replaceNode(new NodeHost(stage.bed(), stage.builds().otherLayout()));
    long left = oldConnections(stage.node());
    if (left == 0) {
      throw new SceneException("no connection stayed with the old version");
    }
    stage.awaitRedirecting(); // the connections that are new
    stage.replaceNode(new NodeHost(stage.bed()));
    stage.awaitRedirecting(); // those of the first node, which it serves again
    return new Fault.Outcome("status: old version, %d connections left".formatted(left), 0);
  }

  private static long oldConnections(NodeHost node) {
    Matcher found = OLD.matcher(node.ask("status").document());
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /**
   * Windows take turns: in one a version takes over, in the other a node of the same version starts
   * that covers something else and costs the machine the same. What the second one does to the load
   * too is no matter of an upgrade.
   */
  private static Fault.Outcome latency(FaultStage stage) {
    stage.endLoads();
    NodeHost[] versions = {
      new NodeHost(stage.bed(), stage.builds().sameLayout()), new NodeHost(stage.bed())
    };
    PeerBed elsewhere = stage.add(PeerBed.make("else"));
    stage.add(SceneDirectory.existing(new NodeHost(elsewhere).pins())); // a killed node leaves them
    PacedHttp http = stage.add(new PacedHttp(stage));
    List<Long> with = new ArrayList<>();
    List<Long> without = new ArrayList<>();
    long requests = 0;
    for (int i = 0; i < ROUNDS; i++) {
      NodeHost next = versions[i % 2];
      NodeHost other =
          new NodeHost(
              elsewhere,
              i % 2 == 0 ? stage.builds().sameLayout() : ShuntProgram.thisBuild().asNode());
      PacedHttp.Result plain =
          window(
              stage,
              http,
              () -> {
                stage.add(other).start();
                other.kill();
              },
              without);
      PacedHttp.Result upgraded = window(stage, http, () -> stage.replaceNode(next), with);
      requests += plain.requests() + upgraded.requests();
    }
    PairedLatency paired = new PairedLatency(with, without, requests);
    if (paired.attributableMillis() > LONGEST_MILLIS) {
      throw new SceneException("an upgrade makes the load wait: " + paired.text());
    }
    return new Fault.Outcome(paired.text(), 0, Optional.of(paired));
  }

  /** Adds the longest wait of both loads, and returns what HTTP saw. */
  private static PacedHttp.Result window(
      FaultStage stage, PacedHttp http, Runnable change, List<Long> longest) {
    stage.startLoad("checksummed_load", "--connections", "4", "--count", "100");
    PacedHttp.Result seen =
        http.during(
            () -> {
              stage.awaitRedirecting();
              change.run();
              stage.awaitRedirecting();
            });
    long gap = 0;
    for (Observations load : stage.endLoads()) {
      gap = Math.max(gap, load.timing().getOrDefault("longest_gap_us", 0L) / 1000);
    }
    longest.add(Math.max(gap, seen.longestMillis()));
    return seen;
  }

  private static Fault.Outcome refused(FaultStage stage) {
    NodeHost next = new NodeHost(stage.bed(), stage.builds().refused());
    long before = stage.node().stats().bytesRedirected();
    try {
      stage.replaceNode(next);
    } catch (SceneException refusal) {
      String message =
          next.log()
              .lines()
              .filter(line -> line.contains("EACCES") || line.contains("invalid mem access"))
              .findFirst()
              .orElseThrow(() -> refusal);
      stage.replaceNode(new NodeHost(stage.bed()));
      if (stage.node().stats().bytesRedirected() <= before) {
        throw new SceneException("nothing was redirected meanwhile", refusal);
      }
      stage.awaitRedirecting();
      return new Fault.Outcome(message.strip(), 0);
    }
    throw new SceneException("the kernel took a program that it has to refuse");
  }
}
