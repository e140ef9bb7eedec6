package dev.shunt.observe.telemetry;

import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The series of one family, of which there are not too many. Thread-safe. */
final class SeriesTable {
  /** What stands for all combinations beyond those that are told apart. */
  static final String OTHER = "other";

  private final TelemetryFamily family;
  private final Instant begin = Instant.now();
  private final Map<List<String>, Series> series = new HashMap<>();
  private final List<String> other;

  SeriesTable(TelemetryFamily family) {
    this.family = family;
    other = Collections.nCopies(family.labels().size(), OTHER);
  }

  /**
   * Changes the series of these labels.
   *
   * @return false: there is no room for it, and it was that of the others
   */
  synchronized boolean update(List<String> labels, Consumer<Series> change) {
    if (labels.size() != other.size()) {
      throw new IllegalArgumentException(family + " has the labels " + family.labels());
    }
    boolean fits =
        labels.equals(other) || series.containsKey(labels) || count() < family.seriesMax();
    change.accept(
        series.computeIfAbsent(fits ? labels : other, key -> new Series(family.buckets())));
    return fits;
  }

  private int count() {
    return series.containsKey(other) ? series.size() - 1 : series.size();
  }

  synchronized FamilySnapshot snapshot() {
    List<Point> points = new ArrayList<>(series.size());
    series.forEach((labels, one) -> points.add(one.point(labels)));
    return new FamilySnapshot(family, begin, points);
  }
}
