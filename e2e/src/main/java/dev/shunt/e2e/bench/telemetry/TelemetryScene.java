package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.demo.NodePlan;
import dev.shunt.e2e.demo.NodeStats;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.util.List;

/**
 * Servers that no node covers, servers that one may accelerate, and that node. One thread measures;
 * the teardown also from a shutdown hook.
 */
final class TelemetryScene {
  /** Of a slice, for ratios: the shorter, the more pairs fit into a time. */
  static final int SLICE_SECONDS = 1;

  /** A JVM compiles what it runs often. */
  private static final int WARM_SECONDS = 4;

  private final String name;
  private final Teardown teardown;
  private final HttpBed plain;
  private final HttpBed covered;
  private final CgroupTree nodeCgroup;
  private int nodes;

  /**
   * Builds it.
   *
   * @param name unique on this host
   */
  TelemetryScene(String name, Teardown teardown) {
    this.name = name;
    this.teardown = teardown;
    plain = teardown.add(HttpBed.open(name + "-plain"));
    covered = teardown.add(HttpBed.open(name + "-covered"));
    nodeCgroup = teardown.add(CgroupTree.create(name + "-node"));
    plain.startJvm();
  }

  /** Fills caches. */
  void warmUp() {
    for (TelemetryTraffic traffic : TelemetryTraffic.values()) {
      bed(traffic).run(traffic, traffic == TelemetryTraffic.JVM ? WARM_SECONDS : SLICE_SECONDS);
    }
  }

  /** A slice of traffic. */
  TelemetryPair.Slice run(TelemetryTraffic traffic) {
    return bed(traffic).run(traffic, SLICE_SECONDS);
  }

  private HttpBed bed(TelemetryTraffic traffic) {
    return traffic == TelemetryTraffic.ACCELERATED ? covered : plain;
  }

  /** A node that covers the one bed alone; ready when this returns. */
  ChildNode startNode() {
    String own = name + "-node" + nodes++;
    ChildNode node =
        new ChildNode(
            new NodePlan(
                own,
                covered.cgroup(),
                List.of(covered.namespace()),
                nodeCgroup,
                teardown.add(SceneDirectory.create(own)),
                "accelerate"));
    teardown.add(node);
    node.start();
    node.awaitReady();
    return node;
  }

  /** Fails unless requests and responses of a node's time went past TCP, but for the first ones. */
  static void requireAccelerated(NodeStats stats, long requests) {
    if (stats.messagesRedirected() < requests) {
      throw new SceneException(
          "accelerate traffic failed: of %d requests and their responses only %d went past TCP"
              .formatted(requests, stats.messagesRedirected()));
    }
  }
}
