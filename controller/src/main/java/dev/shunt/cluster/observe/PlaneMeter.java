package dev.shunt.cluster.observe;

import dev.shunt.v1.NackReason;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * The metrics of the control plane. Thread-safe. Lifecycle: one for each registry.
 *
 * <p>Labels are bounded by enums and by the resources that are watched.
 */
public final class PlaneMeter {
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusRegistry registry;
  private final Counter sent;
  private final Counter nacks;
  private final Histogram ackSeconds;
  private final Summary compileSeconds;
  private final Counter compileFailures;
  private final Counter offerFailures;
  private final Gauge facts;
  private final Counter refused;
  private final RefusalLog refusals = new RefusalLog(Clock.systemUTC());
  private final Counter certificates;
  private final Counter watchRestarts;
  private final Counter policiesRefused;
  private final Counter statusWrites;
  private final Counter events;
  private final Gauge leader;

  /** In what form a version goes to a node. */
  public enum Sending {
    WHOLE,
    DELTA,
    UP_TO_DATE
  }

  /** Why a call was not served. */
  public enum Refused {
    /** No certificate, no token, or one that is not valid. */
    UNAUTHENTICATED,
    /** The certificate or the token has ended. */
    EXPIRED,
    /** The token is for somebody else. */
    WRONG_AUDIENCE,
    /** The caller is another node, or no node. */
    WRONG_NODE,
    /** The caller is known, and may not. */
    FORBIDDEN,
    /** A message over the limit. */
    OVERSIZED,
    /** A message that is not as the protocol says. */
    MALFORMED,
    /** The API server did not answer. */
    UNAVAILABLE
  }

  /** How a write to the API server ended. */
  public enum Write {
    DONE,
    FAILED
  }

  /** Registers all metrics. */
  public PlaneMeter(PrometheusRegistry registry) {
    this.registry = registry;
    sent =
        counter(
            "sent", "Versions sent to nodes, and answers that they hold the current one.", "form");
    nacks = counter("nacks", "Versions that nodes refused.", "reason");
    ackSeconds =
        Histogram.builder()
            .name("shunt_plane_ack_seconds")
            .help("From sending a version to the node's acknowledgement.")
            .classicUpperBounds(.005, .01, .025, .05, .1, .2, .5, 1, 2, 5, 10, 30)
            .classicOnly()
            .register(registry);
    compileSeconds =
        Summary.builder()
            .name("shunt_plane_compile_seconds")
            .help("Compiling the snapshot of one node.")
            .register(registry);
    compileFailures = counter("compile_failures", "Turns of the loop that ended with an error.");
    offerFailures =
        counter(
            "offer_failures", "Versions that the stream of a node did not take; offered again.");
    facts =
        Gauge.builder()
            .name("shunt_plane_facts")
            .help("What is known of the cluster.")
            .labelNames("kind")
            .register(registry);
    refused = counter("refused_calls", "Calls and connections that were not served.", "reason");
    certificates = counter("certificates", "Certificates issued to nodes.");
    watchRestarts = counter("watch_restarts", "Watches that listed anew.", "resource");
    policiesRefused = counter("policies_refused", "Policies that could not be read.", "kind");
    statusWrites = counter("status_writes", "Status of policies written.", "result");
    events = counter("events", "Events written.", "result");
    leader =
        Gauge.builder()
            .name("shunt_plane_leader")
            .help("1 while this replica holds the Lease, and so writes status and events.")
            .register(registry);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name("shunt_plane_" + name)
        .help(help)
        .labelNames(labels)
        .register(registry);
  }

  /** How many nodes have a stream here; asked for at each scrape. */
  public void connectedNodes(IntSupplier count) {
    GaugeWithCallback.builder()
        .name("shunt_plane_connected_nodes")
        .help("Nodes with a stream to this replica.")
        .callback(callback -> callback.call(count.getAsInt()))
        .register(registry);
  }

  public void sent(Sending form) {
    sent.labelValues(text(form)).inc();
  }

  /** A node answered so long after the sending. */
  public void acknowledged(long nanos) {
    ackSeconds.observe(nanos / NANOS_PER_SECOND);
  }

  public void refusedVersion(NackReason reason) {
    nacks.labelValues(text(reason).replaceFirst("^nack_reason_", "")).inc();
  }

  public void compiled(long nanos) {
    compileSeconds.observe(nanos / NANOS_PER_SECOND);
  }

  public void compileFailed() {
    compileFailures.inc();
  }

  /** The stream of a node did not take a version. */
  public void offerFailed() {
    offerFailures.inc();
  }

  /** How much is known. */
  public void facts(int nodes, int pods, int policies) {
    facts.labelValues("nodes").set(nodes);
    facts.labelValues("pods").set(pods);
    facts.labelValues("policies").set(policies);
  }

  /** Counts a refusal, and logs it now and then. */
  public void refused(Refused reason) {
    refused.labelValues(text(reason)).inc();
    refusals.note(text(reason));
  }

  public void certificateIssued() {
    certificates.inc();
  }

  public void watchRestarted(String resource) {
    watchRestarts.labelValues(resource).inc();
  }

  public void policyRefused(String kind) {
    policiesRefused.labelValues(kind).inc();
  }

  public void statusWritten(Write result) {
    statusWrites.labelValues(text(result)).inc();
  }

  public void eventWritten(Write result) {
    events.labelValues(text(result)).inc();
  }

  /** This replica took the Lease. */
  public void leading() {
    leader.set(1);
  }

  /** This replica has not got the Lease. */
  public void following() {
    leader.set(0);
  }

  /** How often calls were refused for a reason so far. */
  public long refusedCalls(Refused reason) {
    return (long) refused.labelValues(text(reason)).get();
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
