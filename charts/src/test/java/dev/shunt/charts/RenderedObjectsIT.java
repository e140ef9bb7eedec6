package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.charts.Manifests.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Helm makes of the templates, for the values that change which objects there are. */
class RenderedObjectsIT {
  private static final String[] EVERYTHING = {
    "metrics.podMonitor.enabled=true",
    "metrics.rules.enabled=true",
    "metrics.dashboards.enabled=true",
    "networkPolicy.enabled=true",
    "node.seLinuxOptions.type=spc_t",
    "image.pullSecrets[0]=registry",
    "node.extraArgs[0]=--trait-ttl=600",
    "node.nodeSelector.pool=canary",
    "node.otlp.endpoint=grpcs://otel.monitoring.svc:4317",
    "node.otlp.headersSecret=otel-token",
    "node.otlp.caConfigMap=otel-ca",
    "node.otlp.clientSecret=otel-client",
    "node.otlp.compression=gzip",
    "node.otlp.newTraces=true",
    "controlPlane.affinity={\"nodeAffinity\": {}}",
    "node.affinity={\"nodeAffinity\": {}}",
    "node.podAnnotations.team=mesh",
    "controlPlane.podLabels.team=mesh",
  };

  private static final String[] LEAST = {
    "controlPlane.enabled=false",
    "uninstall.enabled=false",
    "rbac.aggregate=false",
    "crds.install=false",
    "node.priorityClassName=",
  };

  /** Kinds that belong to no namespace. */
  private static final Set<String> CLUSTER_WIDE =
      Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition");

  /** Labels that it gives the targets of a PodMonitor, and Prometheus itself. */
  private static final Set<String> OF_THE_OPERATOR =
      Set.of("namespace", "pod", "container", "endpoint", "job", "instance");

  static Stream<List<String>> values() {
    return Stream.of(List.<String>of(), List.of(EVERYTHING), List.of(LEAST));
  }

  @ParameterizedTest
  @MethodSource("values")
  void objects_anyValues_fitTheApiServersTypes(List<String> values) {
    List<String> problems = new ArrayList<>();
    Manifests manifests = Helm.render(values.toArray(String[]::new));
    for (Node object : manifests.objects()) {
      if (ApiTypes.knows(object)) {
        problems.addAll(ApiTypes.problems(object));
      }
    }

    assertThat(problems).isEmpty();
    assertThat(manifests.objects()).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @MethodSource("values")
  void objects_anyValues_namedOnceAndInTheReleasesNamespace(List<String> values) {
    Manifests manifests = Helm.render(values.toArray(String[]::new));

    assertThat(manifests.titles()).doesNotHaveDuplicates();
    for (Node object : manifests.objects()) {
      assertThat(object.at("metadata.namespace").exists())
          .as(object.title())
          .isEqualTo(!CLUSTER_WIDE.contains(object.at("kind").text()));
    }
  }

  @Test
  void objects_everything_othersAreThePrometheusOperators() {
    assertThat(Helm.render(EVERYTHING).objects())
        .filteredOn(object -> !ApiTypes.knows(object))
        .extracting(Node::title)
        .containsExactlyInAnyOrder(
            "PodMonitor/shunt-node",
            "PodMonitor/shunt-control-plane",
            "PrometheusRule/shunt-alerts");
  }

  /** What a target and a metric both have is renamed {@code exported_...} in the metric. */
  @Test
  void podMonitors_labelsOfTargets_areNoneOfTheMetrics() throws IOException {
    Set<String> metrics = MonitoringTest.labels(MonitoringTest.pages());
    metrics.add("endpoint");
    List<Node> monitors = Helm.render(EVERYTHING).all("PodMonitor");

    assertThat(monitors).hasSize(2);
    for (Node monitor : monitors) {
      Set<String> target = new TreeSet<>(OF_THE_OPERATOR);
      for (Node rule : monitor.at("spec.podMetricsEndpoints.0.relabelings").list()) {
        if (rule.at("action").text().equals("labeldrop")) {
          target.removeIf(label -> label.matches(rule.at("regex").text()));
        } else {
          target.add(rule.at("targetLabel").text());
        }
      }
      assertThat(target).contains("node", "pod").doesNotContainAnyElementsOf(metrics);
    }
  }

  @Test
  void objects_controlPlaneOff_noneOfItsObjects() {
    assertThat(Helm.render(LEAST).titles()).noneMatch(title -> title.contains("control-plane"));
  }

  @Test
  void lint_chart_clean() {
    Helm.Run run = Helm.run(List.of("lint", "--strict", Helm.CHART.toString()));

    assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
  }

  @Test
  void names_longReleaseName_stayWithinTheBoundOfLabels() {
    String release = "r".repeat(53); // the longest that Helm takes
    Helm.Run run =
        Helm.run(List.of("template", release, Helm.CHART.toString(), "--namespace", "n"));

    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(Manifests.parse(run.output()).objects())
        .filteredOn(object -> !object.at("kind").text().equals("CustomResourceDefinition"))
        .allSatisfy(
            object -> assertThat(object.at("metadata.name").text()).hasSizeLessThanOrEqualTo(63));
  }

  @Test
  void crds_keep_annotatedOnlyWhenAsked() {
    assertThat(Helm.render().all("CustomResourceDefinition"))
        .isNotEmpty()
        .allSatisfy(crd -> assertThat(policy(crd)).isEqualTo("keep"));
    assertThat(Helm.render("crds.keep=false").all("CustomResourceDefinition"))
        .allSatisfy(crd -> assertThat(policy(crd)).isEqualTo("null"));
    assertThat(Helm.render("crds.install=false").all("CustomResourceDefinition")).isEmpty();
  }

  private static String policy(Node crd) {
    return crd.at("metadata.annotations").key("helm.sh/resource-policy").text();
  }
}
