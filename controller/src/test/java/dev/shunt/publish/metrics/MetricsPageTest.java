package dev.shunt.publish.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.InMemoryNode;
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

/** The page of metrics has every metric, and no other. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");

  /** A name at the start of code in a table row, up to its labels. */
  private static final Pattern NAME = Pattern.compile("`(shunt_\\w+)");

  @Test
  void page_comparedWithAScrape_sameNames() throws IOException {
    Set<String> exposed =
        new NodeCollector(new InMemoryNode())
            .collect().stream().map(MetricsPageTest::name).collect(Collectors.toSet());

    assertThat(namesOfPage()).containsExactlyInAnyOrderElementsOf(exposed);
  }

  private static String name(MetricSnapshot metric) {
    String name = metric.getMetadata().getPrometheusName();
    return metric instanceof CounterSnapshot ? name + "_total" : name;
  }

  private static Set<String> namesOfPage() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher name = NAME.matcher(line.startsWith("| ") ? line : "");
      while (name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }
}
