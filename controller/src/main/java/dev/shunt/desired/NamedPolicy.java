package dev.shunt.desired;

/** What a policy of every kind has. Immutable. */
public interface NamedPolicy {
  /** Unique on the node. */
  PolicyName name();

  /** Where it comes from. */
  PolicyOrigin origin();
}
