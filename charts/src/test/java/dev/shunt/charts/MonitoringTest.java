package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.charts.Manifests.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts ask for metrics that exist, and the page about them names them all. */
class MonitoringTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern METRIC = Pattern.compile("\\bshunt_\\w+");
  private static final Pattern LABELS = Pattern.compile("\\bshunt_\\w+\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("[a-z]\\w*(?=[,=!]|$)");

  @Test
  void expressions_everyMetric_isOnThePageOfMetrics() throws IOException {
    Set<String> known = metrics(pages());
    Set<String> used = new TreeSet<>();
    for (String expression : expressions()) {
      used.addAll(metrics(expression.replaceAll("_(bucket|sum|count)\\b", "")));
    }

    assertThat(used).hasSizeGreaterThan(30).isSubsetOf(known);
  }

  @Test
  void expressions_everyMatcher_isALabelOfThePageOrOfTheTarget() throws IOException {
    Set<String> known = labels(pages());
    known.addAll(Set.of("endpoint", "node"));
    Set<String> used = new TreeSet<>();
    for (String expression : expressions()) {
      used.addAll(labels(expression.replaceAll("\"[^\"]*\"", "")));
    }

    assertThat(used).contains("state", "verdict").isSubsetOf(known);
  }

  @Test
  void page_everyDashboardAndAlert_named() throws IOException {
    String page = Files.readString(DOCS.resolve("dashboards.md"));

    for (Node alert : alerts()) {
      assertThat(page).contains("`" + alert.at("alert").text() + "`");
      assertThat(alert.at("annotations.summary").exists()).isTrue();
      assertThat(alert.at("annotations.description").exists()).isTrue();
    }
    for (Path board : boards()) {
      assertThat(page).contains(read(board).at("title").text());
    }
  }

  @Test
  void panels_everyBoard_numberedTitledAndApart() throws IOException {
    for (Path board : boards()) {
      List<Node> panels = read(board).at("panels").list();

      assertThat(panels).extracting(panel -> panel.at("id").text()).doesNotHaveDuplicates();
      assertThat(panels).extracting(panel -> panel.at("title").text()).doesNotHaveDuplicates();
      assertThat(panels).extracting(panel -> panel.at("gridPos").text()).doesNotHaveDuplicates();
    }
  }

  /** Every metric of node and control plane. */
  static String pages() throws IOException {
    return Files.readString(DOCS.resolve("metrics.md"))
        + Files.readString(DOCS.resolve("control-plane.md"));
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (Node alert : alerts()) {
      expressions.add(alert.at("expr").text());
    }
    for (Path board : boards()) {
      for (Node panel : read(board).at("panels").list()) {
        panel.at("targets").list().forEach(target -> expressions.add(target.at("expr").text()));
      }
    }
    return expressions;
  }

  private static List<Node> alerts() throws IOException {
    return read(Helm.CHART.resolve("alerts/rules.yaml")).at("groups.0.rules").list();
  }

  private static List<Path> boards() throws IOException {
    try (Stream<Path> files = Files.list(Helm.CHART.resolve("dashboards"))) {
      return files.sorted().toList();
    }
  }

  private static Node read(Path file) throws IOException {
    return Manifests.parse(Files.readString(file)).objects().get(0);
  }

  /** Names in braces behind a metric. */
  static Set<String> labels(String text) {
    Set<String> names = new TreeSet<>();
    Matcher selector = LABELS.matcher(text);
    while (selector.find()) {
      Matcher label = LABEL.matcher(selector.group(1));
      while (label.find()) {
        names.add(label.group());
      }
    }
    return names;
  }

  private static Set<String> metrics(String text) {
    Set<String> names = new TreeSet<>();
    Matcher name = METRIC.matcher(text);
    while (name.find()) {
      names.add(name.group());
    }
    return names;
  }
}
