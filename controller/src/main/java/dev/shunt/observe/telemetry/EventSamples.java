package dev.shunt.observe.telemetry;

import dev.shunt.observe.ErrnoName;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TcpChange.Closer;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceEvent.Place;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the events of one trace come to. One thread. */
final class EventSamples {
  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;

  private final TelemetryMetrics metrics;
  private final RoundTripGrowth growth = new RoundTripGrowth();

  EventSamples(TelemetryMetrics metrics) {
    this.metrics = metrics;
  }

  /** Takes an event; those that measure nothing are passed over. */
  void take(TraceEvent event) {
    if (event instanceof TraceEvent.Connect connect) {
      connect(connect);
    } else if (event instanceof TraceEvent.StateChange change) {
      change(change);
    } else if (event instanceof TraceEvent.RoundTrips roundTrips) {
      growth.since(roundTrips).ifPresentOrElse(this::roundTrips, this::tooManyPairs);
    } else if (event instanceof TraceEvent.Handshake handshake) {
      handshake(handshake);
    } else if (event instanceof TraceEvent.Http http) {
      http(http);
    } else if (event instanceof TraceEvent.Tls tls) {
      tls(tls);
    } else if (event instanceof TraceEvent.Collection collection) {
      collection(collection);
    }
  }

  private static String namespace(Place place) {
    return PodName.of(place).map(PodName::namespace).orElse("");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  private void connect(TraceEvent.Connect connect) {
    TraceEvent.ConnectOutcome outcome = connect.outcome();
    String failure = outcome.errnoValue() == 0 ? "abandoned" : ErrnoName.name(outcome.errnoValue());
    Place place = connect.subject().place();
    metrics.observe(
        TelemetryFamily.CONNECT_DURATION,
        seconds(connect.latency()),
        outcome.established() ? "established" : failure,
        namespace(place),
        place.workload());
  }

  private void change(TraceEvent.StateChange change) {
    Place place = change.subject().place();
    metrics.count(
        TelemetryFamily.TCP_STATE_CHANGES,
        1,
        word(change.change().to()),
        namespace(place),
        place.workload());
    Closer closer = change.change().closer();
    if (closer != Closer.NOBODY) {
      metrics.count(
          TelemetryFamily.TCP_CLOSES, 1, word(closer), namespace(place), place.workload());
    }
  }

  private void tooManyPairs() {
    metrics.count(TelemetryFamily.RTT_PAIRS_DROPPED, 1);
  }

  /** TCP measures nothing of what is redirected: that is counted beside its histogram. */
  private void roundTrips(RoundTrips grown) {
    String namespace = namespace(grown.place());
    String workload = grown.place().workload();
    if (grown.histogram().count() > 0) {
      metrics.update(
          TelemetryFamily.RTT,
          List.of(namespace, workload),
          series -> {
            List<Long> buckets = grown.histogram().buckets();
            for (int power = 0; power < buckets.size(); power++) {
              series.observe(Buckets.roundTripIndex(power), buckets.get(power));
            }
            series.addSum(grown.histogram().sumMicros() / MICROS);
          });
    }
    if (grown.redirected().messages() > 0) {
      metrics.count(
          TelemetryFamily.RTT_REDIRECTED_MESSAGES,
          grown.redirected().messages(),
          namespace,
          workload);
      metrics.count(
          TelemetryFamily.RTT_REDIRECTED_BYTES, grown.redirected().bytes(), namespace, workload);
    }
  }

  private void handshake(TraceEvent.Handshake handshake) {
    Place place = handshake.subject().place();
    metrics.count(
        TelemetryFamily.FASTOPEN_HANDSHAKES,
        1,
        word(handshake.side()),
        word(handshake.outcome()),
        namespace(place),
        place.workload());
  }

  private void http(TraceEvent.Http http) {
    HttpExchange exchange = http.exchange();
    HttpExchange.Request request = exchange.request();
    Place place = http.subject().place();
    String side = word(exchange.side());
    if (exchange.answer().status() == 0) {
      metrics.count(
          TelemetryFamily.HTTP_REQUESTS_UNANSWERED,
          1,
          side,
          request.method(),
          request.path(),
          namespace(place),
          place.workload());
      return;
    }
    HttpExchange.Timing timing = exchange.timing();
    double seconds = Math.max(0, timing.lastNanos() - timing.beginNanos()) / NANOS;
    List<String> labels =
        List.of(
            side,
            request.method(),
            request.path(),
            Integer.toString(exchange.answer().status()),
            grpcStatus(exchange.answer()),
            exchange.redirected() ? "yes" : "no",
            namespace(place),
            place.workload());
    Optional<TraceContext> sampled = request.context().filter(TraceContext::sampled);
    metrics.update(
        TelemetryFamily.HTTP_REQUEST_DURATION,
        labels,
        series ->
            sampled.ifPresentOrElse(
                context -> series.observe(new Exemplar(context, seconds, http.time())),
                () -> series.observe(seconds)));
  }

  private static String grpcStatus(HttpExchange.Answer answer) {
    return answer.grpcStatus().isPresent() ? Integer.toString(answer.grpcStatus().getAsInt()) : "";
  }

  /** A connection that closes was told when its handshake was over. */
  private void tls(TraceEvent.Tls tls) {
    TlsConnection connection = tls.connection();
    if (connection.state() == TlsConnection.State.CLOSED) {
      return;
    }
    Place place = tls.subject().place();
    String side = word(connection.side());
    String version = connection.hello().version();
    metrics.count(
        TelemetryFamily.TLS_HANDSHAKES,
        1,
        side,
        version,
        outcome(connection),
        namespace(place),
        place.workload());
    connection
        .handshake()
        .ifPresent(
            duration ->
                metrics.observe(
                    TelemetryFamily.TLS_HANDSHAKE_DURATION,
                    seconds(duration),
                    side,
                    version,
                    namespace(place),
                    place.workload()));
  }

  private static String outcome(TlsConnection connection) {
    String alert = connection.alertName();
    return connection.state() == TlsConnection.State.FAILED && !alert.isEmpty()
        ? alert
        : word(connection.state());
  }

  private void collection(TraceEvent.Collection collection) {
    HeapCollection what = collection.collection();
    metrics.observe(
        TelemetryFamily.JVM_COLLECTION_DURATION,
        seconds(collection.duration()),
        word(what.kind()),
        what.collector(),
        namespace(collection.place()),
        collection.place().workload());
  }
}
