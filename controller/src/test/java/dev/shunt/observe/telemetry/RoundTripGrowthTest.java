package dev.shunt.observe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import dev.shunt.observe.trace.TraceEvent.Histogram;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import dev.shunt.observe.trace.TraceSink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histograms that tell all since their trace began count each round trip once. */
class RoundTripGrowthTest {
  private final TelemetryMetrics metrics = new TelemetryMetrics();

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    } catch (UnknownHostException never) {
      throw new AssertionError(never);
    }
  }

  /** So many round trips of 64 to 127 us each, and so many redirected messages of 10 bytes. */
  private static RoundTrips told(int pair, int count, int redirected) {
    return told(pair, pair, count, redirected, TraceEvents.TIME);
  }

  private static RoundTrips told(long row, int pair, int count, int redirected, Instant time) {
    List<Long> buckets = new ArrayList<>(Collections.nCopies(28, 0L));
    buckets.set(6, (long) count);
    return new RoundTrips(
        time,
        row,
        address(pair),
        address(1),
        TraceEvents.CART,
        count == 0 ? Histogram.EMPTY : new Histogram(count, 100L * count, 64, 127, buckets),
        new Redirected(redirected, 10L * redirected));
  }

  private TraceSink sink() {
    return metrics.sink(request -> {});
  }

  private Point point(TelemetryFamily family) {
    return MetricLines.points(metrics, family).get(0);
  }

  @Test
  void histograms_toldAgain_countWhatIsNew() {
    TraceSink sink = sink();
    sink.event(told(2, 5, 0));
    sink.event(told(3, 1, 0));
    sink.event(told(2, 5, 0));
    sink.event(told(2, 9, 0));

    Point point = point(TelemetryFamily.RTT);
    assertThat(point.labels()).containsExactly("shop", "Deployment/cart");
    assertThat(point.count()).isEqualTo(10);
    assertThat(point.sum()).isCloseTo(0.001, within(1e-12));
    int upTo128 = Buckets.ROUND_TRIPS.bounds().indexOf(0.000128);
    assertThat(point.counts().get(upTo128)).isEqualTo(10);
  }

  @Test
  void trace_openedAnew_countsFromItsOwnBeginning() {
    sink().event(told(2, 5, 0));
    sink().event(told(2, 3, 0));

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(8);
  }

  /** The cgroups of containers that are gone have the same name: none. */
  @Test
  void rows_withTheSameNames_areToldApart() {
    TraceSink sink = sink();
    for (int telling = 0; telling < 3; telling++) {
      sink.event(told(1, 2, 9, 40, TraceEvents.TIME.plusSeconds(telling)));
      sink.event(told(2, 2, 3, 10, TraceEvents.TIME.plusSeconds(telling)));
    }

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(12);
    assertThat(point(TelemetryFamily.RTT_REDIRECTED_MESSAGES).count()).isEqualTo(50);
  }

  /** A pair that comes again has another row, however much it has by then. */
  @Test
  void row_thatBeganAnew_countsAllOfIt() {
    TraceSink sink = sink();
    sink.event(told(1, 2, 5, 0, TraceEvents.TIME));
    sink.event(told(2, 2, 8, 0, TraceEvents.TIME));

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(13);
  }

  @Test
  void row_toldWithLessForOnce_addsNothingAgain() {
    TraceSink sink = sink();
    sink.event(told(2, 5, 30));
    sink.event(told(2, 0, 0));
    sink.event(told(2, 6, 31));

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(6);
    assertThat(point(TelemetryFamily.RTT_REDIRECTED_MESSAGES).count()).isEqualTo(31);
  }

  @Test
  void rows_notToldAnyMore_makeRoom() {
    TraceSink sink = sink();
    for (int pair = 0; pair < 4096; pair++) {
      sink.event(told(pair, 1, 0));
    }
    for (int telling = 1; telling <= 5; telling++) {
      sink.event(told(5000, 5000, 7, 0, TraceEvents.TIME.plusSeconds(telling)));
    }

    assertThat(point(TelemetryFamily.RTT_PAIRS_DROPPED).count()).as("till then").isEqualTo(3);
    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(4096 + 7);
  }

  /** TCP measures none of it: no value may be made up. */
  @Test
  void pair_thatIsAccelerated_countsWhatWentPastTcp() {
    TraceSink sink = sink();
    sink.event(told(2, 2, 0));
    sink.event(told(2, 2, 100));
    sink.event(told(4, 0, 50));
    sink.event(told(4, 0, 60));

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(2);
    assertThat(point(TelemetryFamily.RTT_REDIRECTED_MESSAGES).count()).isEqualTo(160);
    assertThat(point(TelemetryFamily.RTT_REDIRECTED_BYTES).count()).isEqualTo(1600);
  }

  @Test
  void pairs_beyondTheBound_areCountedAsMissing() {
    TraceSink sink = sink();
    for (int pair = 0; pair < 4096 + 3; pair++) {
      sink.event(told(pair, 1, 0));
    }
    sink.event(told(0, 2, 0));

    assertThat(point(TelemetryFamily.RTT).count()).isEqualTo(4097);
    assertThat(point(TelemetryFamily.RTT_PAIRS_DROPPED).count()).isEqualTo(3);
  }

  @Test
  void powers_atTheEnds_haveBuckets() {
    assertThat(Buckets.roundTripIndex(0)).isZero();
    assertThat(Buckets.roundTripIndex(2)).isZero();
    assertThat(Buckets.roundTripIndex(3)).isEqualTo(1);
    assertThat(Buckets.roundTripIndex(23)).isEqualTo(Buckets.ROUND_TRIPS.bounds().size() - 1);
    assertThat(Buckets.roundTripIndex(27)).isEqualTo(Buckets.ROUND_TRIPS.bounds().size());
  }
}
