package dev.shunt.observe.telemetry;

import dev.shunt.observe.ErrnoName;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.TraceContext;
import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TcpChange.Closer;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceEvent.Place;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import dev.shunt.observe.trace.TraceEvent.RoundTrips;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

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

  private void count(Place place, TelemetryFamily family, long count, String... labels) {
    update(place, family, series -> series.add(count), labels);
  }

  private void observe(Place place, TelemetryFamily family, Duration duration, String... labels) {
    update(place, family, series -> series.observe(duration.toNanos() / NANOS), labels);
  }

  /** Names of the pod come behind other labels. */
  private void update(
      Place place, TelemetryFamily family, Consumer<Series> change, String... labels) {
    List<String> all = new ArrayList<>(List.of(labels));
    all.add(PodName.of(place).map(PodName::namespace).orElse(""));
    all.add(place.workload());
    metrics.update(family, Owner.of(place), List.copyOf(all), change);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void connect(TraceEvent.Connect connect) {
    TraceEvent.ConnectOutcome outcome = connect.outcome();
    String failure = outcome.errnoValue() == 0 ? "abandoned" : ErrnoName.name(outcome.errnoValue());
    observe(
        connect.subject().place(),
        TelemetryFamily.CONNECT_DURATION,
        connect.latency(),
        outcome.established() ? "established" : failure);
  }

  private void change(TraceEvent.StateChange change) {
    Place place = change.subject().place();
    count(place, TelemetryFamily.TCP_STATE_CHANGES, 1, word(change.change().to()));
    Closer closer = change.change().closer();
    if (closer != Closer.NOBODY) {
      count(place, TelemetryFamily.TCP_CLOSES, 1, word(closer));
    }
  }

  private void tooManyPairs() {
    metrics.count(TelemetryFamily.RTT_PAIRS_DROPPED, 1);
  }

  /** TCP measures nothing of what is redirected: that is counted beside its histogram. */
  private void roundTrips(RoundTrips grown) {
    Place place = grown.place();
    if (grown.histogram().count() > 0) {
      update(
          place,
          TelemetryFamily.RTT,
          series -> {
            List<Long> buckets = grown.histogram().buckets();
            for (int power = 0; power < buckets.size(); power++) {
              series.observe(Buckets.roundTripIndex(power), buckets.get(power));
            }
            series.addSum(grown.histogram().sumMicros() / MICROS);
          });
    }
    Redirected redirected = grown.redirected();
    if (redirected.messages() > 0) {
      count(place, TelemetryFamily.RTT_REDIRECTED_MESSAGES, redirected.messages());
      count(place, TelemetryFamily.RTT_REDIRECTED_BYTES, redirected.bytes());
    }
  }

  private void handshake(TraceEvent.Handshake handshake) {
    count(
        handshake.subject().place(),
        TelemetryFamily.FASTOPEN_HANDSHAKES,
        1,
        word(handshake.side()),
        word(handshake.outcome()));
  }

  private void http(TraceEvent.Http http) {
    HttpExchange exchange = http.exchange();
    HttpExchange.Request request = exchange.request();
    Place place = http.subject().place();
    String side = word(exchange.side());
    if (exchange.answer().status() == 0) {
      count(
          place,
          TelemetryFamily.HTTP_REQUESTS_UNANSWERED,
          1,
          side,
          request.method(),
          request.path(),
          reset(exchange.answer()));
      return;
    }
    HttpExchange.Timing timing = exchange.timing();
    double seconds = Math.max(0, timing.lastNanos() - timing.beginNanos()) / NANOS;
    Optional<TraceContext> sampled = request.context().filter(TraceContext::sampled);
    update(
        place,
        TelemetryFamily.HTTP_REQUEST_DURATION,
        series ->
            sampled.ifPresentOrElse(
                context -> series.observe(new Exemplar(context, seconds, http.time())),
                () -> series.observe(seconds)),
        side,
        request.method(),
        request.path(),
        Integer.toString(exchange.answer().status()),
        grpcStatus(exchange.answer()),
        reset(exchange.answer()),
        exchange.redirected() ? "yes" : "no");
  }

  private static String grpcStatus(HttpExchange.Answer answer) {
    return answer.grpcStatus().isPresent() ? Integer.toString(answer.grpcStatus().getAsInt()) : "";
  }

  /** Who reset the stream; empty: nobody. */
  private static String reset(HttpExchange.Answer answer) {
    return answer.reset().map(reset -> word(reset.by())).orElse("");
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
    count(place, TelemetryFamily.TLS_HANDSHAKES, 1, side, version, outcome(connection));
    connection
        .handshake()
        .ifPresent(
            duration ->
                observe(place, TelemetryFamily.TLS_HANDSHAKE_DURATION, duration, side, version));
  }

  private static String outcome(TlsConnection connection) {
    String alert = connection.alertName();
    return connection.state() == TlsConnection.State.FAILED && !alert.isEmpty()
        ? alert
        : word(connection.state());
  }

  private void collection(TraceEvent.Collection collection) {
    HeapCollection what = collection.collection();
    observe(
        collection.place(),
        TelemetryFamily.JVM_COLLECTION_DURATION,
        collection.duration(),
        word(what.kind()),
        what.collector());
  }
}
