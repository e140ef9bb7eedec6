package dev.shunt.desired;

/** What a policy of every kind has. Immutable. */
public interface NamedPolicy {
  /** Unique on the node. */
  PolicyName name();

  /** Where it comes from. */
  PolicyOrigin origin();

  /**
   * Whether it is about connections that stand: about acceleration, or packets. Telemetry changes
   * nothing for connections, and connect policies nothing for those that stand.
   */
  default boolean changesConnections() {
    return true;
  }
}
