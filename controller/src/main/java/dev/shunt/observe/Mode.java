package dev.shunt.observe;

/**
 * What the node does with connections. Ordered by how much it does, {@link #POLICY} apart.
 * Immutable.
 */
public enum Mode {
  /** Plain TCP; connections are not even paired. */
  OFF,
  /** Pair and count, move nothing. */
  OBSERVE,
  /** Redirect messages of suitable connections. */
  ACCELERATE,
  /** Only as an override: as the policies say. */
  POLICY
}
