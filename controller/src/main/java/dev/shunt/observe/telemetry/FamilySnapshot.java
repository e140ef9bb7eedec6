package dev.shunt.observe.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * A family as it is now. Immutable.
 *
 * @param family which
 * @param points one for each combination of labels, in no order
 */
public record FamilySnapshot(TelemetryFamily family, List<Point> points) {
  /** Copies the list. */
  public FamilySnapshot {
    points = List.copyOf(points);
  }

  /**
   * A combination of labels.
   *
   * @param labels values, in the order of the family's names
   * @param begin since when it counts, from zero
   * @param counts of each bucket, not of those below it; of what is counted only, one number
   * @param sum of all values, in seconds
   * @param exemplars at most one for each bucket
   */
  public record Point(
      List<String> labels, Instant begin, List<Long> counts, double sum, List<Exemplar> exemplars) {
    /** Copies the lists. */
    public Point {
      labels = List.copyOf(labels);
      counts = List.copyOf(counts);
      exemplars = List.copyOf(exemplars);
    }

    /** Of all buckets. */
    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }
}
