package dev.shunt.agent.trace;

import dev.shunt.agent.trace.RedirectedTraffic.Pair;
import dev.shunt.datapath.layout.TraceFilterRow;
import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the histograms of round trips, and beside them what accelerated connections of the same
 * pairs sent past TCP, where TCP measures nothing.
 */
final class RoundTripTelling implements TraceTelling {
  private final OpenTrace trace;
  private final TraceTranslation translation;
  private final RedirectedTraffic redirected;

  /** By place of the reader. */
  private final Map<Integer, Progress> progress = new HashMap<>();

  RoundTripTelling(OpenTrace trace, TraceTranslation translation, RedirectedTraffic redirected) {
    this.trace = trace;
    this.translation = translation;
    this.redirected = redirected;
  }

  /** What a reader was told, and what connections had sent when it came. */
  private static final class Progress {
    private final Map<Long, Redirected> before = new HashMap<>();
    private final Map<Pair, Redirected> sums = new LinkedHashMap<>();
    private long nextNanos;

    /** Connections that were seen before count from then on, others from their beginning. */
    void add(RedirectedTraffic.End end) {
      Redirected last = before.put(end.cookie(), end.sent());
      Redirected since = last == null ? end.sent() : minus(end.sent(), last);
      if (since.messages() > 0) {
        sums.merge(end.pair(), since, Redirected::plus);
      }
    }

    private static Redirected minus(Redirected now, Redirected then) {
      return new Redirected(now.messages() - then.messages(), now.bytes() - then.bytes());
    }
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> readers) {
    throw new IllegalStateException("rtt writes no records");
  }

  @Override
  public synchronized void refresh() {
    translation.refresh();
  }

  /** What went past TCP before is not told. */
  @Override
  public synchronized void begin(TraceReader reader) {
    Progress fresh = new Progress();
    progress.put(reader.place(), fresh);
    look(reader, fresh);
    fresh.sums.clear();
    fresh.nextNanos = System.nanoTime() + reader.query().interval().toNanos();
  }

  @Override
  public synchronized void tell(TraceReader reader, long now) {
    Progress known = progress.get(reader.place());
    if (known != null && now - known.nextNanos >= 0) {
      known.nextNanos = now + reader.query().interval().toNanos();
      look(reader, known);
      tellAll(reader, known);
    }
  }

  @Override
  public synchronized void tellLast(TraceReader reader) {
    Progress known = progress.remove(reader.place());
    if (known != null && !reader.hasLeft()) {
      look(reader, known);
      tellAll(reader, known);
    }
    trace.roundTrips().forget(reader.place());
  }

  private void look(TraceReader reader, Progress known) {
    Set<Long> seen = new HashSet<>();
    redirected.forEach(
        end -> {
          if (matches(reader, end)) {
            known.add(end);
            seen.add(end.cookie());
          }
        });
    known.before.keySet().retainAll(seen); // the others have closed
  }

  private boolean matches(TraceReader reader, RedirectedTraffic.End end) {
    TraceFilterRow row = reader.target().row();
    boolean port =
        row.port() == 0 || row.port() == end.localPort() || row.port() == end.remotePort();
    return port
        && reader.target().covers(end.pair().netnsCookie())
        && isBelow(reader.query().filter().cgroup(), end.pair());
  }

  private boolean isBelow(String cgroup, Pair pair) {
    if (cgroup.isEmpty()) {
      return true;
    }
    String wanted = "/" + cgroup.replaceAll("^/+|/+$", "");
    String path = translation.places().of(pair.netnsCookie(), pair.cgroupId()).cgroup();
    return path.equals(wanted) || path.startsWith(wanted + "/");
  }

  private void tellAll(TraceReader reader, Progress known) {
    Map<Pair, Histogram> histograms = new LinkedHashMap<>();
    trace
        .roundTrips()
        .forEach(
            (pair, row) -> {
              if (pair.u32("reader") == reader.place()
                  && reader.target().covers(pair.u64("netns_cookie"))) {
                histograms.put(pair(pair), histogram(row));
              }
            });
    known.sums.keySet().forEach(pair -> histograms.putIfAbsent(pair, Histogram.EMPTY));
    Instant now = translation.time().of(System.nanoTime());
    histograms.forEach(
        (pair, histogram) ->
            reader.offer(
                new RoundTrips(
                    now,
                    pair.local(),
                    pair.remote(),
                    translation.places().of(pair.netnsCookie(), pair.cgroupId()),
                    histogram,
                    known.sums.getOrDefault(pair, Redirected.NOTHING))));
  }

  private static Pair pair(TraceRecord key) {
    return new Pair(
        key.u64("netns_cookie"), key.u64("cgroup_id"), key.address("local"), key.address("remote"));
  }

  private static Histogram histogram(TraceRecord row) {
    List<Long> buckets = new ArrayList<>();
    for (int i = 0; i < TraceRows.BUCKETS; i++) {
      buckets.add(row.element("buckets", i));
    }
    return new Histogram(
        row.u64("count"),
        row.u64("sum_us"),
        Integer.toUnsignedLong(row.u32("least_us")),
        Integer.toUnsignedLong(row.u32("most_us")),
        buckets);
  }
}
