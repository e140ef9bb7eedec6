package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is new in histograms that tell all since their row began. For one trace; one thread.
 *
 * <p>Rows are told apart by their numbers: names of what is gone are empty, and then the same. All
 * rows that there are come in every telling, at one time; one that was left out for some tellings
 * does not come again, and is forgotten.
 */
final class RoundTripGrowth {
  private static final int ROWS_MAX = 4096;
  private static final int TELLINGS_KEPT = 3;

  private record Told(Histogram histogram, Redirected redirected, long telling) {}

  private static final Told NOTHING = new Told(Histogram.EMPTY, Redirected.NOTHING, 0);

  /** By number of the row. */
  private final Map<Long, Told> told = new HashMap<>();

  private Instant time = Instant.MIN;
  private long telling;

  /** What has come since this row was told last; empty: there are too many rows. */
  Optional<RoundTrips> since(RoundTrips now) {
    if (!now.time().equals(time)) {
      time = now.time();
      telling++;
      told.values().removeIf(row -> telling - row.telling() > TELLINGS_KEPT);
    }
    if (told.size() >= ROWS_MAX && !told.containsKey(now.row())) {
      return Optional.empty();
    }
    Told before = told.getOrDefault(now.row(), NOTHING);
    told.put(
        now.row(),
        new Told(
            most(now.histogram(), before.histogram()),
            most(now.redirected(), before.redirected()),
            telling));
    return Optional.of(
        new RoundTrips(
            now.time(),
            now.row(),
            now.local(),
            now.remote(),
            now.place(),
            grown(now.histogram(), before.histogram()),
            grown(now.redirected(), before.redirected())));
  }

  /** A row that could not be read for once is no new one. */
  private static Histogram most(Histogram now, Histogram before) {
    return now.count() > before.count() ? now : before;
  }

  private static Redirected most(Redirected now, Redirected before) {
    return now.messages() > before.messages() ? now : before;
  }

  private static Histogram grown(Histogram now, Histogram before) {
    if (now.count() <= before.count()) {
      return Histogram.EMPTY;
    }
    if (before.buckets().isEmpty()) {
      return now;
    }
    List<Long> buckets = new ArrayList<>();
    for (int i = 0; i < now.buckets().size(); i++) {
      buckets.add(Math.max(0, now.buckets().get(i) - before.buckets().get(i)));
    }
    return new Histogram(
        now.count() - before.count(),
        Math.max(0, now.sumMicros() - before.sumMicros()),
        now.leastMicros(),
        now.mostMicros(),
        buckets);
  }

  private static Redirected grown(Redirected now, Redirected before) {
    return new Redirected(
        Math.max(0, now.messages() - before.messages()), Math.max(0, now.bytes() - before.bytes()));
  }
}
