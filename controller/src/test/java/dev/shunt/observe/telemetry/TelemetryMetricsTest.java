package dev.shunt.observe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.telemetry.FamilySnapshot.Point;
import dev.shunt.observe.trace.FastOpen;
import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TcpChange;
import dev.shunt.observe.trace.TcpState;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What events come to. */
class TelemetryMetricsTest {
  private static final HttpExchange.Reset RESET =
      new HttpExchange.Reset(HttpExchange.Side.SERVER, 2);

  private static final String ERRNO_REFUSED = "ECONNREFUSED";

  private final TelemetryMetrics metrics = new TelemetryMetrics();
  private final List<TraceEvent.Http> requests = new ArrayList<>();
  private final TraceSink sink = metrics.sink(requests::add);

  private List<Point> points(TelemetryFamily family) {
    return MetricLines.points(metrics, family);
  }

  private List<String> lines(TelemetryFamily family) {
    return MetricLines.lines(metrics, family);
  }

  private static TraceEvent.Connect connect(boolean established, int errno) {
    return new TraceEvent.Connect(
        TraceEvents.TIME,
        TraceEvents.subject(TraceEvents.CART),
        Duration.ofNanos(40_000),
        new TraceEvent.ConnectOutcome(established, errno));
  }

  @Test
  void connects_byOutcome_haveTheirDurations() {
    sink.event(connect(true, 0));
    sink.event(connect(false, 111));
    sink.event(connect(false, 111));
    sink.event(connect(false, 0));

    assertThat(lines(TelemetryFamily.CONNECT_DURATION))
        .containsExactlyInAnyOrder(
            "established|shop|Deployment/cart 1",
            ERRNO_REFUSED + "|shop|Deployment/cart 2",
            "abandoned|shop|Deployment/cart 1");
    Point refused =
        points(TelemetryFamily.CONNECT_DURATION).stream()
            .filter(point -> point.labels().contains(ERRNO_REFUSED))
            .findFirst()
            .orElseThrow();
    assertThat(refused.sum()).isCloseTo(0.000080, within(1e-12));
    assertThat(refused.counts().get(2)).as("up to 50 us").isEqualTo(2);
  }

  @Test
  void changes_ofStates_tellWhoCloses() {
    TraceEvent.Subject host = TraceEvents.subject(TraceEvents.HOST);
    sink.event(change(host, TcpState.SYN_SENT, TcpState.ESTABLISHED, 0));
    sink.event(change(host, TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, 0));
    sink.event(change(host, TcpState.ESTABLISHED, TcpState.CLOSE, 104));

    assertThat(lines(TelemetryFamily.TCP_STATE_CHANGES))
        .containsExactlyInAnyOrder("established|| 1", "close_wait|| 1", "close|| 1");
    assertThat(lines(TelemetryFamily.TCP_CLOSES))
        .containsExactlyInAnyOrder("remote|| 1", "remote_reset|| 1");
  }

  private static TraceEvent change(
      TraceEvent.Subject subject, TcpState from, TcpState to, int errno) {
    return new TraceEvent.StateChange(
        TraceEvents.TIME, subject, 1, new TcpChange(from, to, errno), Optional.empty());
  }

  @Test
  void handshakes_withFastOpen_haveSideAndOutcome() {
    sink.event(
        new TraceEvent.Handshake(
            TraceEvents.TIME,
            TraceEvents.subject(TraceEvents.CART),
            TraceEvent.Handshake.Side.CLIENT,
            FastOpen.REFUSED));

    assertThat(lines(TelemetryFamily.FASTOPEN_HANDSHAKES))
        .containsExactly("client|refused|shop|Deployment/cart 1");
  }

  @Test
  void requests_answered_haveDurationsAndAreHandedOn() {
    TraceEvent.Http request = TraceEvents.get("/users/{id}", 3_000_000, Optional.empty());
    sink.event(request);
    sink.event(
        TraceEvents.http(
            TraceEvents.HOST,
            HttpExchange.Protocol.GRPC,
            new HttpExchange.Request("POST", "/pkg.S/Call", Optional.empty()),
            new HttpExchange.Answer(200, OptionalInt.of(5), Optional.of(RESET)),
            1));

    assertThat(lines(TelemetryFamily.HTTP_REQUEST_DURATION))
        .containsExactlyInAnyOrder(
            "server|GET|/users/{id}|200|||yes|shop|Deployment/cart 1",
            "server|POST|/pkg.S/Call|200|5|server|yes|| 1");
    assertThat(requests).hasSize(2).contains(request);
  }

  @Test
  void request_withoutAnswer_isCountedWithoutADuration() {
    sink.event(
        TraceEvents.http(
            TraceEvents.CART,
            HttpExchange.Protocol.HTTP_1_1,
            new HttpExchange.Request("GET", "/a", Optional.of(TraceEvents.SAMPLED)),
            HttpExchange.Answer.NONE,
            0));

    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION)).isEmpty();
    assertThat(lines(TelemetryFamily.HTTP_REQUESTS_UNANSWERED))
        .containsExactly("server|GET|/a||shop|Deployment/cart 1");
  }

  @Test
  void exemplars_areOfSampledTracesOnly_theLastOfEachBucket() {
    sink.event(TraceEvents.get("/a", 3_000_000, Optional.empty()));
    sink.event(TraceEvents.get("/a", 3_000_000, Optional.of(TraceEvents.UNSAMPLED)));
    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION).get(0).exemplars()).isEmpty();

    sink.event(TraceEvents.get("/a", 3_000_000, Optional.of(TraceEvents.SAMPLED)));
    sink.event(TraceEvents.get("/a", 4_000_000, Optional.of(TraceEvents.SAMPLED)));
    sink.event(TraceEvents.get("/a", 2_000_000_000, Optional.of(TraceEvents.SAMPLED)));

    assertThat(points(TelemetryFamily.HTTP_REQUEST_DURATION).get(0).exemplars())
        .containsExactlyInAnyOrder(
            new Exemplar(TraceEvents.SAMPLED, 0.004, TraceEvents.TIME),
            new Exemplar(TraceEvents.SAMPLED, 2.0, TraceEvents.TIME));
  }

  private static TraceEvent.Tls tls(
      TlsConnection.State state, Optional<Duration> handshake, Optional<Integer> alert) {
    return new TraceEvent.Tls(
        TraceEvents.TIME,
        TraceEvents.subject(TraceEvents.CART),
        new TlsConnection(
            state,
            TlsConnection.Side.CLIENT,
            new TlsConnection.Hello("TLSv1.3", "secret.example"),
            handshake,
            new TlsConnection.Traffic(0, 0, 0, 0),
            alert));
  }

  @Test
  void handshakes_ofTls_haveVersionAndOutcomeAndNoNames() {
    sink.event(
        tls(TlsConnection.State.ESTABLISHED, Optional.of(Duration.ofMillis(3)), Optional.empty()));
    sink.event(
        tls(TlsConnection.State.CLOSED, Optional.of(Duration.ofMillis(3)), Optional.empty()));
    sink.event(tls(TlsConnection.State.FAILED, Optional.empty(), Optional.of(48)));
    sink.event(tls(TlsConnection.State.FAILED, Optional.empty(), Optional.empty()));

    assertThat(lines(TelemetryFamily.TLS_HANDSHAKES))
        .containsExactlyInAnyOrder(
            "client|TLSv1.3|established|shop|Deployment/cart 1",
            "client|TLSv1.3|unknown_ca|shop|Deployment/cart 1",
            "client|TLSv1.3|failed|shop|Deployment/cart 1");
    assertThat(lines(TelemetryFamily.TLS_HANDSHAKE_DURATION))
        .containsExactly("client|TLSv1.3|shop|Deployment/cart 1");
    assertThat(metrics.snapshot().toString()).doesNotContain("secret.example");
  }

  @Test
  void collections_haveKindAndCollector() {
    sink.event(
        new TraceEvent.Collection(
            TraceEvents.TIME,
            TraceEvents.CART,
            new TraceEvent.Actor(1, "java"),
            Duration.ofMillis(12),
            new HeapCollection(HeapCollection.Kind.FULL_PAUSE, "G1 Old Generation", List.of())));

    assertThat(lines(TelemetryFamily.JVM_COLLECTION_DURATION))
        .containsExactly("full_pause|G1 Old Generation|shop|Deployment/cart 1");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.00001, 0",
    "0.0000100001, 1",
    "0.001, 6",
    "0.0011, 7",
    "10, 18",
    "10.1, 19"
  })
  void value_onABound_belongsBelowIt(double seconds, int bucket) {
    assertThat(Buckets.DURATIONS.index(seconds)).isEqualTo(bucket);
  }
}
