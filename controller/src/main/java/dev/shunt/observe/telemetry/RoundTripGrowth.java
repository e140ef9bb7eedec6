package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is new in histograms that tell all since their trace began. For one trace; one thread.
 *
 * <p>A pair is never forgotten while its trace goes on: it would count twice. There are as many as
 * the kernel's side keeps.
 */
final class RoundTripGrowth {
  private static final int PAIRS_MAX = 4096;

  private record Pair(String namespace, String cgroup, InetAddress local, InetAddress remote) {}

  private record Told(Histogram histogram, Redirected redirected) {}

  private static final Told NOTHING = new Told(Histogram.EMPTY, Redirected.NOTHING);

  private final Map<Pair, Told> told = new HashMap<>();

  /** What has come since this pair was told last; empty: there are too many pairs. */
  Optional<RoundTrips> since(RoundTrips now) {
    Pair pair = new Pair(now.place().namespace(), now.place().cgroup(), now.local(), now.remote());
    if (told.size() >= PAIRS_MAX && !told.containsKey(pair)) {
      return Optional.empty();
    }
    Told before = told.getOrDefault(pair, NOTHING);
    told.put(pair, new Told(now.histogram(), now.redirected()));
    return Optional.of(
        new RoundTrips(
            now.time(),
            now.local(),
            now.remote(),
            now.place(),
            grown(now.histogram(), before.histogram()),
            grown(now.redirected(), before.redirected())));
  }

  private static Histogram grown(Histogram now, Histogram before) {
    if (before.count() > now.count() || before.buckets().isEmpty()) {
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
