package dev.shunt.observe.telemetry;

import dev.shunt.observe.FairTable;
import java.time.Duration;
import java.util.List;

/**
 * Everything that is counted or measured of traces and of their export: the one list. Counters are
 * named without {@code _total}; the exposition adds it.
 */
public enum TelemetryFamily {
  /** By outcome: established, abandoned or the errno. */
  CONNECT_DURATION(
      "shunt_connect_duration_seconds",
      "From the first SYN to the outcome of connect().",
      Buckets.DURATIONS,
      "outcome",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** By the state that was entered. */
  TCP_STATE_CHANGES(
      "shunt_tcp_state_changes",
      "Sockets that entered a state.",
      Buckets.NONE,
      "state",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** By who closed. */
  TCP_CLOSES(
      "shunt_tcp_closes",
      "Connections by who ended them, as each end sees it.",
      Buckets.NONE,
      "by",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** What TCP measured. */
  RTT(
      "shunt_rtt_seconds",
      "TCP's smoothed round trip time; what goes past TCP has none.",
      Buckets.ROUND_TRIPS,
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** What it could not measure. */
  RTT_REDIRECTED_MESSAGES(
      "shunt_rtt_redirected_messages",
      "Messages of the traced pairs that went past TCP.",
      Buckets.NONE,
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** The same in bytes. */
  RTT_REDIRECTED_BYTES(
      "shunt_rtt_redirected_bytes",
      "Bytes of the traced pairs that went past TCP.",
      Buckets.NONE,
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** More pairs than are kept apart. */
  RTT_PAIRS_DROPPED(
      "shunt_rtt_pairs_dropped",
      "Histograms that count nowhere because there are too many pairs of addresses.",
      Buckets.NONE),
  /** By side and outcome. */
  FASTOPEN_HANDSHAKES(
      "shunt_fastopen_handshakes",
      "Handshakes that used TCP Fast Open.",
      Buckets.NONE,
      "side",
      "outcome",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** Answered requests. */
  HTTP_REQUEST_DURATION(
      "shunt_http_request_duration_seconds",
      "From the first byte of a request to the last of its response.",
      Buckets.DURATIONS,
      "side",
      "method",
      "path",
      "status",
      "grpc_status",
      "reset",
      "accelerated",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** Those without an answer have no duration. */
  HTTP_REQUESTS_UNANSWERED(
      "shunt_http_requests_unanswered",
      "Requests whose response was not seen before their connection or stream ended.",
      Buckets.NONE,
      "side",
      "method",
      "path",
      "reset",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** Those that came to their end. */
  TLS_HANDSHAKE_DURATION(
      "shunt_tls_handshake_duration_seconds",
      "Duration of TLS handshakes that succeeded.",
      Buckets.DURATIONS,
      "side",
      "version",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** All of them: those that were given up have no duration. */
  TLS_HANDSHAKES(
      "shunt_tls_handshakes",
      "TLS handshakes by outcome: established, failed, or the alert.",
      Buckets.NONE,
      "side",
      "version",
      "outcome",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** By kind and collector. */
  JVM_COLLECTION_DURATION(
      "shunt_jvm_collection_duration_seconds",
      "Pauses of JVMs, and cycles of collectors that work beside the program.",
      Buckets.DURATIONS,
      "kind",
      "collector",
      Names.NAMESPACE,
      Names.WORKLOAD),
  /** What has no series of its own. */
  OTHER_SAMPLES(
      "shunt_telemetry_other_samples",
      "Samples that count as `other` because the family has no room for more labels.",
      Buckets.NONE,
      "family"),
  /** What has no series any more. */
  SERIES_FORGOTTEN(
      "shunt_telemetry_series_forgotten",
      "Combinations of labels that were let go, by cause: idle, or the share of another workload.",
      Buckets.NONE,
      "family",
      "cause"),
  /** Taken by the collector. */
  OTLP_SPANS_EXPORTED("shunt_otlp_spans_exported", "Spans that the collector took.", Buckets.NONE),
  /** Never to arrive. */
  OTLP_SPANS_DROPPED(
      "shunt_otlp_spans_dropped", "Spans that will not arrive, by cause.", Buckets.NONE, "cause"),
  /** Calls to the collector. */
  OTLP_EXPORTS(
      "shunt_otlp_exports",
      "Calls to the collector by signal and outcome.",
      Buckets.NONE,
      "signal",
      "outcome");

  /** The labels that many have. {@code namespace} is that of the node's pod, for scrapers. */
  private static final class Names {
    static final String NAMESPACE = "pod_namespace";
    static final String WORKLOAD = "workload";
  }

  /** A scrape of a full family of these has some 5 MB, a node's heap 96. */
  private static final int SERIES_MAX_HTTP = 1000;

  private static final int SERIES_MAX = 500;

  /** Longer than the pauses of most jobs, and far longer than the interval of any scraper. */
  private static final Duration IDLE = Duration.ofHours(1);

  private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  private final String metric;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // a record of a copied list
  private final Buckets buckets;

  @SuppressWarnings("ImmutableEnumChecker") // of List.of
  private final List<String> labels;

  TelemetryFamily(String metric, String help, Buckets buckets, String... labels) {
    this.metric = metric;
    this.help = help;
    this.buckets = buckets;
    this.labels = List.of(labels);
  }

  /** Its name as a metric. */
  public String metric() {
    return metric;
  }

  /** One sentence. */
  public String help() {
    return help;
  }

  /** {@link Buckets#NONE}: it is a counter. */
  public Buckets buckets() {
    return buckets;
  }

  /** Whether it is a counter, and no histogram. */
  public boolean isCounter() {
    return buckets.equals(Buckets.NONE);
  }

  /** Names of its labels. */
  public List<String> labels() {
    return labels;
  }

  /** Combinations of labels that it tells apart. What the node counts of itself stays. */
  FairTable.Bounds bounds() {
    int most = this == HTTP_REQUEST_DURATION ? SERIES_MAX_HTTP : SERIES_MAX;
    return new FairTable.Bounds(most, most, labels.contains(Names.WORKLOAD) ? IDLE : NEVER);
  }
}
