package dev.shunt.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.v1.NackReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the control plane has every metric of it, and no other. */
class PlaneMetricsPageTest {
  private static final Path PAGE = Path.of("../docs/control-plane.md");
  private static final Pattern NAME = Pattern.compile("^\\| `(shunt_\\w+)");

  @Test
  void page_comparedWithAScrape_sameNames() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    PlaneMeter meter = new PlaneMeter(registry);
    meter.connectedNodes(() -> 0);
    meter.facts(0, 0, 0);
    meter.sent(PlaneMeter.Sending.WHOLE);
    meter.refusedVersion(NackReason.NACK_REASON_TOO_LARGE);
    meter.refused(PlaneMeter.Refused.EXPIRED);
    meter.watchRestarted("pods");
    meter.policyRefused("Acceleration");
    meter.statusWritten(PlaneMeter.Write.DONE);
    meter.eventWritten(PlaneMeter.Write.DONE);
    meter.acknowledged(1);
    meter.compiled(1);
    Set<String> exposed =
        registry.scrape().stream().map(PlaneMetricsPageTest::name).collect(Collectors.toSet());

    Set<String> described = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher name = NAME.matcher(line);
      if (name.find()) {
        described.add(name.group(1));
      }
    }

    assertThat(described).containsExactlyInAnyOrderElementsOf(exposed);
  }

  private static String name(MetricSnapshot metric) {
    String name = metric.getMetadata().getPrometheusName();
    return metric instanceof CounterSnapshot ? name + "_total" : name;
  }
}
