package dev.shunt.publish.metrics;

import dev.shunt.observe.FilterStatus;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The metrics of filters. Stateless. */
final class FilterFamilies {
  /** Rules with series of their own; those beyond it, which matched least, are summed. */
  static final int RULES_MAX = 100;

  private static final String OTHER = "other";

  private FilterFamilies() {}

  private record Row(String kind, String rule, FilterStatus.Rule counted) {}

  static void add(MetricSnapshots.Builder metrics, FilterStatus status) {
    addRules(metrics, status);
    FilterStatus.Totals totals = status.totals();
    Family attempts =
        Family.counter("shunt_filter_attempts", "Attempts that rules were asked about.")
            .add(totals.denied(), "verdict", "denied")
            .add(totals.monitored(), "verdict", "monitored")
            .add(totals.unmatched(), "verdict", "unmatched")
            .add(totals.incomplete(), "verdict", "incomplete")
            .add(allowed(totals), "verdict", "allowed");
    Family lost =
        Family.counter("shunt_filter_events_lost", "Denials that no watcher was told of.")
            .add(totals.eventsLost(), "cause", "ring_full")
            .add(totals.eventsSampled(), "cause", "sampled");
    FilterStatus.PacketTotals packets = status.packets();
    lost.add(packets.eventsLost(), "cause", "packet_ring_full")
        .add(packets.eventsSampled(), "cause", "packet_sampled");
    addPackets(metrics, packets);
    Family version = Family.gauge("shunt_filter_rule_set", "Version of the rule set in force.");
    Family rules = Family.gauge("shunt_filter_rules", "Rules in force.");
    Family failed = Family.gauge("shunt_filter_stale", "1 when an update failed; old rules hold.");
    for (FilterStatus.Point point : status.points()) {
      version.add(point.version(), "at", point.at());
      rules.add(point.rules(), "at", point.at());
      failed.add(point.error().isEmpty() ? 0 : 1, "at", point.at());
    }
    for (Family family : List.of(attempts, lost, version, rules, failed)) {
      metrics.metricSnapshot(family.snapshot());
    }
  }

  private static void addPackets(
      MetricSnapshots.Builder metrics, FilterStatus.PacketTotals packets) {
    Family odd = Family.counter("shunt_filter_odd_packets", "Packets that cannot be read.");
    packets.odd().forEach((reason, count) -> odd.add(count, "reason", reason));
    List.of(
            Family.counter("shunt_filter_packets", "Packets that rules were asked about.")
                .add(packets.packets()),
            Family.counter("shunt_filter_packets_unmatched", "Matched by no rule.")
                .add(packets.unmatched()),
            odd)
        .forEach(family -> metrics.metricSnapshot(family.snapshot()));
  }

  /** Decided by a rule that allows. Counters are read one after the other: never below 0. */
  private static long allowed(FilterStatus.Totals totals) {
    return Math.max(
        0,
        totals.attempts()
            - totals.denied()
            - totals.monitored()
            - totals.unmatched()
            - totals.incomplete());
  }

  private static void addRules(MetricSnapshots.Builder metrics, FilterStatus status) {
    List<Row> rows = new ArrayList<>();
    for (FilterStatus.Filter filter : status.filters()) {
      for (FilterStatus.Rule rule : filter.rules()) {
        rows.add(new Row(filter.kind(), filter.name() + "/" + rule.name(), rule));
      }
    }
    rows.sort(Comparator.comparingLong((Row row) -> row.counted().count().hits()).reversed());
    Family hits = Family.counter("shunt_filter_rule_hits", "What a rule decided.");
    Family denied = Family.counter("shunt_filter_rule_denied", "Of this, refused.");
    Family bytes = Family.counter("shunt_filter_rule_bytes", "Bytes of packets that it decided.");
    long otherHits = 0;
    long otherDenied = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      FilterStatus.Count count = row.counted().count();
      if (i < RULES_MAX) {
        String mode = row.counted().mode().name().toLowerCase(Locale.ROOT);
        hits.add(count.hits(), "kind", row.kind(), "rule", row.rule(), "mode", mode);
        denied.add(count.denied(), "kind", row.kind(), "rule", row.rule(), "mode", mode);
        bytes.add(count.bytes(), "kind", row.kind(), "rule", row.rule());
      } else {
        otherHits += count.hits();
        otherDenied += count.denied();
      }
    }
    if (rows.size() > RULES_MAX) {
      hits.add(otherHits, "kind", OTHER, "rule", OTHER, "mode", OTHER);
      denied.add(otherDenied, "kind", OTHER, "rule", OTHER, "mode", OTHER);
    }
    for (Family family : List.of(hits, denied, bytes)) {
      metrics.metricSnapshot(family.snapshot());
    }
  }
}
