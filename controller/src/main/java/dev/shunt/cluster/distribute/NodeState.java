package dev.shunt.cluster.distribute;

import dev.shunt.v1.NackReason;
import dev.shunt.v1.NodeCapabilities;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a connected node is. Immutable.
 *
 * @param node its name
 * @param since when its stream opened
 * @param capabilities as it said
 * @param desired version that it should hold; empty before the first was compiled
 * @param held version that it holds; empty when none
 * @param refusal of the desired version
 */
public record NodeState(
    String node,
    Instant since,
    NodeCapabilities capabilities,
    String desired,
    String held,
    Optional<Refusal> refusal) {
  /**
   * Why a node keeps the version that it has.
   *
   * @param version that it refused
   * @param reason as an enum
   * @param detail one sentence
   */
  public record Refusal(String version, NackReason reason, String detail) {}

  /** Whether the node holds what it should. */
  public boolean isProgrammed() {
    return !desired.isEmpty() && desired.equals(held);
  }
}
