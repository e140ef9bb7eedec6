package dev.shunt.e2e.bench.plane;

/**
 * How much is measured of each cluster. Immutable.
 *
 * @param podEvents pods that come and go, 100 a second
 * @param tells how often a node is told of a policy edit before measuring, and then again while
 *     measuring; all nodes together, so that clusters of every size meet an equally warm JVM
 */
record Effort(int podEvents, int tells) {
  /** Steady figures. */
  static final Effort FULL = new Effort(1_500, 10_000);
}
