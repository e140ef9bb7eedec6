package dev.shunt.desired;

/** Kind of a policy. Immutable. */
public enum PolicyKind {
  /** Belongs to a namespace. */
  ACCELERATION("Acceleration"),
  /** A default; outranked by every {@link #ACCELERATION} with as specific a selector. */
  CLUSTER_ACCELERATION("ClusterAcceleration"),
  /** Rules about packets; belongs to a namespace. */
  TRAFFIC_FILTER("TrafficFilter"),
  /** Rules about packets of the node. */
  CLUSTER_TRAFFIC_FILTER("ClusterTrafficFilter"),
  /** Rules about connections; belongs to a namespace. */
  CONNECT_POLICY("ConnectPolicy"),
  /** Rules about connections of the node. */
  CLUSTER_CONNECT_POLICY("ClusterConnectPolicy"),
  /** Which telemetry is on; belongs to a namespace. */
  TELEMETRY("Telemetry"),
  /** The same for the node; outranked by every {@link #TELEMETRY} with as specific a selector. */
  CLUSTER_TELEMETRY("ClusterTelemetry");

  private final String text;

  PolicyKind(String text) {
    this.text = text;
  }

  /** Whether its policies belong to no namespace. */
  public boolean isCluster() {
    return text.startsWith("Cluster");
  }

  /** As the {@code kind} field spells it. */
  public String text() {
    return text;
  }
}
