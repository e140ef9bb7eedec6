package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.demo.AcceleratedNode;
import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.demo.NodePlan;

/** A node of this build. One thread; {@link #close} also from a shutdown hook. */
final class NodeCover implements Cover {
  private final AcceleratedNode node;

  private NodeCover(AcceleratedNode node) {
    this.node = node;
  }

  /** Starts it, without waiting. */
  static NodeCover start(NodePlan plan) {
    AcceleratedNode node = new ChildNode(plan);
    node.start();
    return new NodeCover(node);
  }

  @Override
  public void awaitReady() {
    node.awaitReady();
  }

  @Override
  public long cpuMicros() {
    return node.cpuMicros();
  }

  @Override
  public void close() {
    node.close();
  }
}
