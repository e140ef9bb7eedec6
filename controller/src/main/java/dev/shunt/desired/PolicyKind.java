package dev.shunt.desired;

/** Kind of a policy. Immutable. */
public enum PolicyKind {
  /** Belongs to a namespace. */
  ACCELERATION("Acceleration"),
  /** A default; outranked by every {@link #ACCELERATION} with as specific a selector. */
  CLUSTER_ACCELERATION("ClusterAcceleration");

  private final String text;

  PolicyKind(String text) {
    this.text = text;
  }

  /** As the {@code kind} field spells it. */
  public String text() {
    return text;
  }
}
