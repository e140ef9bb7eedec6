package dev.shunt.publish.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.FilterStatus;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterFamiliesTest {
  private static FilterStatus.Filter filter(String kind, int rules) {
    List<FilterStatus.Rule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      all.add(
          new FilterStatus.Rule(
              "r" + i,
              FilterStatus.Action.DENY,
              FilterStatus.Mode.ENFORCE,
              "any",
              new FilterStatus.Count(i, 1, 0),
              List.of()));
    }
    return new FilterStatus.Filter(
        kind, "default/web", "everything", new FilterStatus.Order(0, false), all);
  }

  private static CounterSnapshot hits(FilterStatus.Filter... filters) {
    MetricSnapshots.Builder metrics = MetricSnapshots.builder();
    FilterFamilies.add(
        metrics,
        new FilterStatus(
            List.of(filters), List.of(), FilterStatus.Totals.NONE, FilterStatus.PacketTotals.NONE));
    return metrics.build().stream()
        .filter(metric -> metric.getMetadata().getName().equals("shunt_filter_rule_hits"))
        .map(CounterSnapshot.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void add_sameNamesOfTwoKinds_areTwoSeries() {
    assertThat(hits(filter("ConnectPolicy", 1), filter("TrafficFilter", 1)).getDataPoints())
        .extracting(point -> point.getLabels().get("kind"))
        .containsExactlyInAnyOrder("ConnectPolicy", "TrafficFilter");
  }

  @Test
  void add_moreRulesThanSeries_sumsThoseThatMatchedLeast() {
    CounterSnapshot hits = hits(filter("ConnectPolicy", 103));

    assertThat(hits.getDataPoints()).hasSize(101);
    assertThat(hits.getDataPoints())
        .filteredOn(point -> "other".equals(point.getLabels().get("rule")))
        .singleElement()
        .satisfies(point -> assertThat(point.getValue()).isEqualTo(0 + 1 + 2));
  }
}
