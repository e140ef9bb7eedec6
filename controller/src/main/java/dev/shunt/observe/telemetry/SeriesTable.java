package dev.shunt.observe.telemetry;

import dev.shunt.observe.FairTable;
import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of one family, of which there are not too many. One that was forgotten and comes again
 * begins anew, at zero. Thread-safe.
 */
final class SeriesTable {
  /** What stands for all combinations beyond those that are told apart. */
  static final String OTHER = "other";

  private final TelemetryFamily family;
  private final Clocks clocks;
  private final FairTable<List<String>, Series> series;
  private final List<String> otherLabels;
  private @Nullable Series other;

  /**
   * Has no series.
   *
   * @param forgotten told of each that is let go, while the table is locked
   */
  SeriesTable(TelemetryFamily family, Clocks clocks, Consumer<FairTable.Cause> forgotten) {
    this.family = family;
    this.clocks = clocks;
    series = new FairTable<>(family.bounds(), clocks.nanos(), forgotten);
    otherLabels = Collections.nCopies(family.labels().size(), OTHER);
  }

  /**
   * Changes the series of these labels.
   *
   * @param owner whose series it is, if it is new
   * @return samples that became those of the others, as there is no room for these labels
   */
  synchronized long update(Owner owner, List<String> labels, Consumer<Series> change) {
    if (labels.size() != otherLabels.size()) {
      throw new IllegalArgumentException(family + " has the labels " + family.labels());
    }
    if (labels.equals(otherLabels)) {
      change.accept(others());
      return 0;
    }
    Optional<Series> own = series.use(owner, labels, this::fresh);
    if (own.isPresent()) {
      change.accept(own.get());
      return 0;
    }
    long before = others().samples();
    change.accept(others());
    return others().samples() - before;
  }

  private Series fresh() {
    return new Series(family.buckets(), clocks.wall().instant());
  }

  private Series others() {
    Series known = other == null ? fresh() : other;
    other = known;
    return known;
  }

  synchronized FamilySnapshot snapshot() {
    List<Point> points = new ArrayList<>();
    series.forEach((labels, one) -> points.add(one.point(labels)));
    if (other != null) {
      points.add(other.point(otherLabels));
    }
    return new FamilySnapshot(family, points);
  }
}
