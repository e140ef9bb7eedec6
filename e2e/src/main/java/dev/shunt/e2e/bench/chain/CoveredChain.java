package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.demo.AcceleratedNode;
import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.demo.NodePlan;
import dev.shunt.e2e.demo.NodeStats;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.util.Optional;

/**
 * A chain and what covers it: a node of its own, or nothing. One thread builds and drives it;
 * {@link #close} also from a shutdown hook.
 */
final class CoveredChain implements AutoCloseable {
  /** Client to sidecar, sidecar to sidecar, sidecar to application. */
  private static final int HOPS = 3;

  private final ChainShape shape;
  private final ChainVariant variant;
  private final Teardown teardown = new Teardown();
  private final ProxyChain chain;
  private final Optional<AcceleratedNode> node;

  private CoveredChain(String runName, ChainShape shape, ChainVariant variant) {
    this.shape = shape;
    this.variant = variant;
    String name = runName + "-" + variant;
    try {
      CgroupTree root = teardown.add(CgroupTree.create(name));
      SceneDirectory directory = teardown.add(SceneDirectory.create(name));
      chain = teardown.add(ProxyChain.create(name, shape, root.child("chain"), directory));
      node = node(name, root, directory);
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Builds the chain and starts its node, without waiting for the node.
   *
   * @param runName start of every name that it makes, unique on this host
   */
  static CoveredChain create(String runName, ChainShape shape, ChainVariant variant) {
    return new CoveredChain(runName, shape, variant);
  }

  private Optional<AcceleratedNode> node(String name, CgroupTree root, SceneDirectory directory) {
    if (variant == ChainVariant.PLAIN) {
      return Optional.empty();
    }
    String mode = variant == ChainVariant.SHUNT ? "accelerate" : "observe";
    NodePlan plan =
        new NodePlan(name, chain.cgroup(), chain.namespaces(), root.child("node"), directory, mode);
    AcceleratedNode child = teardown.add(new ChildNode(plan));
    child.start();
    return Optional.of(child);
  }

  /** Blocks until the node covers the chain. */
  void awaitReady() {
    node.ifPresent(AcceleratedNode::awaitReady);
  }

  ChainVariant variant() {
    return variant;
  }

  /** Drives the chain once. */
  ChainRun drive(int seconds) {
    long cpuBefore = cpuMicros();
    long deviceBefore = chain.deviceBytes();
    ChainSample sample = chain.drive(seconds);
    return new ChainRun(sample, cpuMicros() - cpuBefore, chain.deviceBytes() - deviceBefore);
  }

  /**
   * Drives the chain once without keeping the figures.
   *
   * @throws SceneException when the plain chain is not on plain TCP
   */
  void warmUp(int seconds) {
    ChainRun run = drive(seconds);
    if (variant == ChainVariant.PLAIN
        && run.deviceBytesPerRequest() < (double) shape.bodyBytes() * HOPS) {
      throw new SceneException(
          String.format(
              "measure plain TCP failed: only %.0f bytes per request crossed the plain chain's"
                  + " devices (expected: %d or more), so something else accelerates it; stop other"
                  + " nodes of this host (shunt mode off) and run again",
              run.deviceBytesPerRequest(), (long) shape.bodyBytes() * HOPS));
    }
  }

  /** Totals of the node; empty for the plain chain. */
  Optional<NodeStats> stats() {
    return node.map(AcceleratedNode::stats);
  }

  private long cpuMicros() {
    return chain.cpuMicros() + node.map(AcceleratedNode::cpuMicros).orElse(0L);
  }

  @Override
  public void close() {
    teardown.close();
  }
}
