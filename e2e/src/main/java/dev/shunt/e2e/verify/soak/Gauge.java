package dev.shunt.e2e.verify.soak;

import java.util.List;

/**
 * One figure of the node over time. Immutable.
 *
 * @param name with its unit
 * @param slack growth that is no leak, in the figure's own unit
 * @param values one for each sample
 */
record Gauge(String name, long slack, List<Long> values) {
  /** Of the first samples, in which caches fill. */
  private static final int WARM_UP_PARTS = 10;

  private static final int THIRDS = 3;

  /** Five per cent are no leak, whatever the figure. */
  private static final double TOLERANCE = 1.05;

  Gauge {
    values = List.copyOf(values);
  }

  /** Median of the first third after the warm-up. */
  long early() {
    return median(warm().subList(0, third()));
  }

  /** Median of the last third. */
  long late() {
    return median(warm().subList(warm().size() - third(), warm().size()));
  }

  boolean leaks() {
    return late() > early() * TOLERANCE && late() > early() + slack;
  }

  private List<Long> warm() {
    return values.subList(values.size() / WARM_UP_PARTS, values.size());
  }

  private int third() {
    return Math.max(1, warm().size() / THIRDS);
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
