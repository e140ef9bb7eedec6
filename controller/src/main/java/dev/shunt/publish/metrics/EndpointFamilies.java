package dev.shunt.publish.metrics;

import dev.shunt.observe.ReasonCount;
import dev.shunt.observe.Totals;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** The metrics that have a row for each endpoint, for one scrape. Not thread safe. */
final class EndpointFamilies {
  private static final String ENDPOINT = "endpoint";
  private static final String REASON = "reason";

  private final Family paired =
      Family.counter("shunt_connections_paired", "Ends of connections that found each other.");
  private final Family adopted =
      Family.counter("shunt_connections_adopted", "Ends that became members of the SOCKHASH.");
  private final Family joined =
      Family.counter("shunt_connections_joined", "Ends that redirected at least one message.");
  private final Family closed =
      Family.counter("shunt_connections_closed", "Paired ends that closed.");
  private final Family messagesRedirected =
      Family.counter("shunt_messages_redirected", "Messages handed from socket to socket.");
  private final Family bytesRedirected =
      Family.counter("shunt_redirected_bytes", "Bytes handed from socket to socket.");
  private final Family messagesPassed =
      Family.counter("shunt_messages_passed", "Messages of members that went by TCP.");
  private final Family bytesPassed =
      Family.counter("shunt_passed_bytes", "Bytes of members that went by TCP.");
  private final Family spills =
      Family.counter("shunt_spills", "Redirecting directions that went to TCP.");
  private final Family connectionReasons =
      Family.counter(
          "shunt_connections_not_accelerated", "Ends that were not accelerated, by reason.");
  private final Family messageReasons =
      Family.counter("shunt_messages_not_redirected", "Messages by TCP of members, by reason.");

  /** Adds the rows of one endpoint. */
  void add(String endpoint, Totals totals) {
    paired.add(totals.connections().paired(), ENDPOINT, endpoint);
    adopted.add(totals.connections().adopted(), ENDPOINT, endpoint);
    joined.add(totals.connections().joined(), ENDPOINT, endpoint);
    closed.add(totals.connections().closed(), ENDPOINT, endpoint);
    messagesRedirected.add(totals.traffic().messagesRedirected(), ENDPOINT, endpoint);
    bytesRedirected.add(totals.traffic().bytesRedirected(), ENDPOINT, endpoint);
    messagesPassed.add(totals.traffic().messagesPassed(), ENDPOINT, endpoint);
    bytesPassed.add(totals.traffic().bytesPassed(), ENDPOINT, endpoint);
    spills.add(totals.spills(), ENDPOINT, endpoint);
    for (ReasonCount count : totals.reasons()) {
      String reason = count.reason().label();
      if (count.connections() > 0) {
        connectionReasons.add(count.connections(), ENDPOINT, endpoint, REASON, reason);
      }
      if (count.messages() > 0) {
        messageReasons.add(count.messages(), ENDPOINT, endpoint, REASON, reason);
      }
    }
  }

  void addTo(MetricSnapshots.Builder metrics) {
    List.of(
            paired,
            adopted,
            joined,
            closed,
            messagesRedirected,
            bytesRedirected,
            messagesPassed,
            bytesPassed,
            spills,
            connectionReasons,
            messageReasons)
        .forEach(family -> metrics.metricSnapshot(family.snapshot()));
  }
}
