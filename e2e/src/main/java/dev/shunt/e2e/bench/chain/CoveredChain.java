package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.bench.Variant;
import dev.shunt.e2e.demo.AcceleratedNode;
import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.demo.NodePlan;
import dev.shunt.e2e.demo.NodeStats;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.util.Locale;
import java.util.Optional;

/**
 * A chain and what covers it: a node of its own, or nothing. One thread builds and drives it;
 * {@link #close} also from a shutdown hook.
 */
final class CoveredChain implements AutoCloseable {
  private final ChainShape shape;
  private final Variant variant;
  private final Teardown teardown = new Teardown();
  private final ProxyChain chain;
  private final Optional<AcceleratedNode> node;

  private CoveredChain(String runName, ChainShape shape, Variant variant) {
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
  static CoveredChain create(String runName, ChainShape shape, Variant variant) {
    return new CoveredChain(runName, shape, variant);
  }

  private Optional<AcceleratedNode> node(String name, CgroupTree root, SceneDirectory directory) {
    if (variant.kind() == Variant.Kind.PLAIN) {
      return Optional.empty();
    }
    String mode = variant.kind() == Variant.Kind.OBSERVE ? "observe" : "accelerate";
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

  /**
   * Drives the chain with fresh client connections.
   *
   * @throws SceneException also when the plain chain is not on plain TCP
   */
  Sample drive(int millis) {
    long cpuBefore = cpuMicros();
    long deviceBefore = chain.deviceBytes();
    ChainSample sample = chain.drive(millis);
    long cpu = cpuMicros() - cpuBefore;
    if (variant.kind() == Variant.Kind.PLAIN) {
      requirePlain(sample.requests(), chain.deviceBytes() - deviceBefore);
    }
    return new Sample(
        sample.requestsPerSecond(),
        sample.p50Micros(),
        sample.p99Micros(),
        (double) cpu / sample.requests(),
        sample.cdfMicros());
  }

  private void requirePlain(long requests, long deviceBytes) {
    long expected = (long) shape.bodyBytes() * ProxyChain.HOPS;
    if (deviceBytes < requests * expected) {
      throw new SceneException(
          String.format(
              Locale.ROOT,
              "measure plain TCP failed: only %.0f bytes per request crossed the plain chain's"
                  + " devices (expected: %d or more), so something else accelerates it; stop other"
                  + " nodes of this host (shunt mode off) and run again",
              (double) deviceBytes / requests,
              expected));
    }
  }

  /** Bytes that the pods' network devices received so far. */
  long deviceBytes() {
    return chain.deviceBytes();
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
