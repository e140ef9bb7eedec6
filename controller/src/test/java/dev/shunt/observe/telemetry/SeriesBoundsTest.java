package dev.shunt.observe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who has series when there are more than are kept, and when they go. */
class SeriesBoundsTest {
  private static final String HTTP_NAME = "shunt_http_request_duration_seconds";
  private static final int MOST = TelemetryFamily.HTTP_REQUEST_DURATION.bounds().all();
  private static final TraceEvent.Place PAY =
      new TraceEvent.Place("pod:shop/pay-0", "Deployment/pay", "/pay");

  private long now;
  private final TelemetryMetrics metrics =
      new TelemetryMetrics(new Clocks(() -> Instant.EPOCH.plusNanos(now), () -> now));
  private final TraceSink sink = metrics.sink(request -> {});

  private List<Point> points(TelemetryFamily family) {
    return MetricLines.points(metrics, family);
  }

  private List<String> lines(TelemetryFamily family) {
    return MetricLines.lines(metrics, family);
  }

  @Test
  void combinations_beyondTheBound_areOneAndCounted() {
    for (int i = 0; i < MOST + 5; i++) {
      sink.event(TraceEvents.get("/p" + i, 1000, Optional.empty()));
    }
    sink.event(TraceEvents.get("/p0", 1000, Optional.empty()));

    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION)).hasSize(MOST + 1);
    assertThat(lines(TelemetryFamily.HTTP_REQUEST_DURATION))
        .contains("other|other|other|other|other|other|other|other|other 5")
        .contains("server|GET|/p0|200|||yes|shop|Deployment/cart 2")
        .contains("server|GET|/p" + (MOST - 1) + "|200|||yes|shop|Deployment/cart 1");
    assertThat(lines(TelemetryFamily.OTHER_SAMPLES)).containsExactly(HTTP_NAME + " 5");
  }

  private static TraceEvent.Http get(TraceEvent.Place place, String path) {
    return TraceEvents.http(
        place,
        HttpExchange.Protocol.HTTP_1_1,
        new HttpExchange.Request("GET", path, Optional.empty()),
        new HttpExchange.Answer(200, OptionalInt.empty(), Optional.empty()),
        1000);
  }

  /** Somebody tries twice as many paths as are told apart. */
  private void scan(TraceEvent.Place place) {
    for (int i = 0; i < 2 * MOST; i++) {
      sink.event(get(place, "/p" + i));
    }
  }

  @Test
  void workload_besideOneThatIsScanned_hasItsSeries() {
    scan(TraceEvents.CART);
    sink.event(get(PAY, "/pay"));
    sink.event(get(PAY, "/pay"));

    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION)).hasSize(MOST + 1);
    assertThat(lines(TelemetryFamily.HTTP_REQUEST_DURATION))
        .contains("server|GET|/pay|200|||yes|shop|Deployment/pay 2")
        .contains("server|GET|/p1|200|||yes|shop|Deployment/cart 1")
        .as("the one that was used least recently")
        .doesNotContain("server|GET|/p0|200|||yes|shop|Deployment/cart 1");
    assertThat(lines(TelemetryFamily.OTHER_SAMPLES)).containsExactly(HTTP_NAME + " " + MOST);
    assertThat(lines(TelemetryFamily.SERIES_FORGOTTEN)).containsExactly(HTTP_NAME + "|share 1");
  }

  @Test
  void networkNamespaces_ofAHost_haveTheirShares() {
    scan(TraceEvents.HOST);
    sink.event(get(new TraceEvent.Place("blue", "", "/blue"), "/blue"));

    assertThat(lines(TelemetryFamily.HTTP_REQUEST_DURATION))
        .contains("server|GET|/blue|200|||yes|| 1");
  }

  /** Prometheus takes it for a reset; of OTLP the start says so. */
  @Test
  void series_forgottenAndBack_beginsAnewAtZero() {
    sink.event(get(TraceEvents.CART, "/a"));
    sink.event(get(TraceEvents.CART, "/a"));
    now += Duration.ofMinutes(59).toNanos();
    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION))
        .singleElement()
        .satisfies(point -> assertThat(point.begin()).isEqualTo(Instant.EPOCH));
    now += Duration.ofMinutes(1).toNanos();
    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION)).isEmpty();

    now += Duration.ofMinutes(1).toNanos();
    sink.event(get(TraceEvents.CART, "/a"));

    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION))
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.begin()).isEqualTo(Instant.EPOCH.plus(Duration.ofMinutes(61)));
              assertThat(point.count()).isEqualTo(1);
              assertThat(point.sum()).isCloseTo(1e-6, within(1e-12));
            });
    assertThat(lines(TelemetryFamily.SERIES_FORGOTTEN)).containsExactly(HTTP_NAME + "|idle 1");
  }

  @Test
  void samplesWithoutRoom_areAllCounted() {
    TelemetryFamily family = TelemetryFamily.TCP_CLOSES;
    for (int i = 0; i < family.bounds().all() + 2; i++) {
      metrics.count(family, 7, "side" + i, "", "");
    }

    assertThat(lines(TelemetryFamily.OTHER_SAMPLES)).containsExactly(family.metric() + " 14");
  }

  @Test
  void counts_ofTheNodeItself_stay() {
    metrics.count(TelemetryFamily.OTLP_SPANS_EXPORTED, 3);
    metrics.count(TelemetryFamily.OTLP_SPANS_DROPPED, 1, "refused");
    now += Duration.ofDays(7).toNanos();

    assertThat(lines(TelemetryFamily.OTLP_SPANS_EXPORTED)).containsExactly(" 3");
    assertThat(lines(TelemetryFamily.OTLP_SPANS_DROPPED)).containsExactly("refused 1");
  }
}
