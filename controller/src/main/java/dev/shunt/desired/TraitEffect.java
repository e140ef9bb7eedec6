package dev.shunt.desired;

/** What policy says of an executable, whatever was learned of it. Immutable. */
public enum TraitEffect {
  /** Never accelerate it. */
  EXEMPT,
  /** Accelerate it in spite of learned traits. */
  FORCE
}
