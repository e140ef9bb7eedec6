package dev.shunt.observe.telemetry;

import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One combination of labels. Guarded by its table. */
final class Series {
  private final Buckets buckets;
  private final Instant begin;
  private final long[] counts;
  private final Map<Integer, Exemplar> exemplars = new HashMap<>(0);
  private double sum;

  Series(Buckets buckets, Instant begin) {
    this.buckets = buckets;
    this.begin = begin;
    counts = new long[buckets.size()];
  }

  /** Counts. */
  void add(long count) {
    counts[0] += count;
  }

  /** Takes a value. */
  void observe(double seconds) {
    counts[buckets.index(seconds)]++;
    sum += seconds;
  }

  /** Takes one that may be looked up; it stands for its bucket until the next comes. */
  void observe(Exemplar exemplar) {
    observe(exemplar.seconds());
    exemplars.put(buckets.index(exemplar.seconds()), exemplar);
  }

  /** Takes so many values of a bucket. */
  void observe(int bucket, long count) {
    counts[bucket] += count;
  }

  /** Takes the sum of values whose buckets were told apart from it. */
  void addSum(double seconds) {
    sum += seconds;
  }

  /** All that it counts. */
  long samples() {
    return Arrays.stream(counts).sum();
  }

  Point point(List<String> labels) {
    return new Point(
        labels,
        begin,
        Arrays.stream(counts).boxed().toList(),
        sum,
        List.copyOf(exemplars.values()));
  }
}
