package dev.shunt.agent.trace;

import dev.shunt.agent.trace.RedirectedTraffic.Pair;
import dev.shunt.datapath.layout.TraceFilterRow;
import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.maps.RoundTripsMap;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells the histograms of round trips, and beside them what accelerated connections of the same
 * pairs sent past TCP, where TCP measures nothing.
 */
final class RoundTripTelling implements TraceTelling {
  private final OpenTrace trace;
  private final TraceTranslation translation;
  private final RedirectedTraffic redirected;
  private final BadRecords bad;

  /** By place of the reader. */
  private final Map<Integer, RoundTripProgress> progress = new HashMap<>();

  RoundTripTelling(
      OpenTrace trace, TraceTranslation translation, RedirectedTraffic redirected, BadRecords bad) {
    this.bad = bad;
    this.trace = trace;
    this.translation = translation;
    this.redirected = redirected;
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
    RoundTripProgress fresh = new RoundTripProgress(reader.target(), end -> matches(reader, end));
    progress.put(reader.place(), fresh);
    fresh.begin(redirected);
    fresh.waitUntil(System.nanoTime() + reader.query().interval().toNanos());
  }

  @Override
  public synchronized void tell(TraceReader reader, long now) {
    RoundTripProgress known = progress.get(reader.place());
    if (known != null && known.isDue(now)) {
      known.waitUntil(now + reader.query().interval().toNanos());
      tellAll(reader, known);
    }
  }

  @Override
  public synchronized void tellLast(TraceReader reader) {
    RoundTripProgress known = progress.remove(reader.place());
    if (known != null && !reader.hasLeft()) {
      tellAll(reader, known);
    }
    trace.roundTrips().forget(reader.place());
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

  private void tellAll(TraceReader reader, RoundTripProgress known) {
    known.look(redirected);
    RoundTripsMap rows = trace.roundTrips();
    int entries = reader.target().chooses() ? rows.entries() : 0; // nobody else gives up rows
    known.nextTelling(entries, rows.capacity());
    rows.removeIf(
        (pair, row) ->
            pair.u32("reader") == reader.place()
                && !bad.test("a histogram", () -> known.takes(pair(pair), histogram(row))));
    Instant now = translation.time().of(System.nanoTime());
    for (RoundTripProgress.Told told : known.told()) {
      Pair pair = told.pair();
      reader.offer(
          new RoundTrips(
              now,
              told.row(),
              pair.local(),
              pair.remote(),
              translation.places().of(pair.netnsCookie(), pair.cgroupId()),
              told.histogram(),
              told.redirected()));
    }
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
        buckets.stream().mapToLong(Long::longValue).sum(),
        row.u64("sum_us"),
        Integer.toUnsignedLong(row.u32("least_us")),
        Integer.toUnsignedLong(row.u32("most_us")),
        buckets);
  }
}
