package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.charts.Manifests.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rights at the API server: no more than said, and each with its reason. */
class RightsIT {
  private static final Path TEMPLATES = Helm.CHART.resolve("templates");
  private static final Manifests DEFAULT = Helm.render();

  @Test
  void rules_everyRole_nameWhatTheyMean() {
    for (String kind : List.of("Role", "ClusterRole")) {
      for (Node role : DEFAULT.all(kind)) {
        for (Node rule : role.at("rules").list()) {
          assertThat(
                  Stream.of("apiGroups", "resources", "verbs")
                      .flatMap(part -> rule.at(part).texts().stream()))
              .as(role.title())
              .isNotEmpty()
              .doesNotContain("*", "escalate", "bind", "impersonate");
        }
      }
    }
  }

  @Test
  void secrets_controlPlane_onlyItsOwn() {
    assertThat(DEFAULT.all("ClusterRole"))
        .allSatisfy(role -> assertThat(role.at("rules").text()).doesNotContain("secrets"));
    Node rules = DEFAULT.get("Role", "shunt-control-plane").at("rules");
    assertThat(rules.list())
        .allSatisfy(rule -> assertThat(rule.at("resourceNames").texts()).hasSize(1))
        .allSatisfy(rule -> assertThat(rule.at("verbs").texts()).containsExactly("get", "update"));
  }

  @Test
  void node_rights_readPodsOnly() {
    Node rules = DEFAULT.get("ClusterRole", "shunt-node").at("rules");

    assertThat(rules.list()).hasSize(1);
    assertThat(rules.at("0.resources").texts()).containsExactly("pods");
    assertThat(rules.at("0.verbs").texts()).containsExactly("list", "watch");
  }

  /** A kind that the control plane may not watch keeps it from ever being ready. */
  @Test
  void policies_everyKind_watchedByTheControlPlaneAndOpenToUsers() {
    List<Node> plane = DEFAULT.get("ClusterRole", "shunt-control-plane").at("rules").list();
    List<Node> view = DEFAULT.get("ClusterRole", "shunt-view").at("rules").list();
    List<Node> edit = DEFAULT.get("ClusterRole", "shunt-edit").at("rules").list();
    List<Node> crds = DEFAULT.all("CustomResourceDefinition");

    assertThat(crds).hasSize(8);
    for (Node crd : crds) {
      String plural = crd.at("spec.names.plural").text();
      assertThat(verbs(plane, plural)).as(plural).containsExactly("list", "watch");
      assertThat(verbs(plane, plural + "/status")).as(plural).containsExactly("patch");
      boolean namespaced = crd.at("spec.scope").text().equals("Namespaced");
      assertThat(verbs(view, plural)).as(plural).hasSize(namespaced ? 3 : 0);
      boolean costsOthers = plural.equals("telemetries");
      assertThat(verbs(edit, plural)).as(plural).hasSize(namespaced && !costsOthers ? 5 : 0);
    }
  }

  private static List<String> verbs(List<Node> rules, String resource) {
    return rules.stream()
        .filter(rule -> rule.at("resources").texts().contains(resource))
        .flatMap(rule -> rule.at("verbs").texts().stream())
        .toList();
  }

  @Test
  void bindings_everyOne_ofARoleToAnAccountOfTheChart() {
    for (String kind : List.of("Role", "ClusterRole")) {
      for (Node binding : DEFAULT.all(kind + "Binding")) {
        DEFAULT.get(kind, binding.at("roleRef.name").text());
        DEFAULT.get("ServiceAccount", binding.at("subjects.0.name").text());
        assertThat(binding.at("subjects").list()).hasSize(1);
      }
    }
  }

  @Test
  void templates_everyRule_hasItsReasonAbove() throws IOException {
    List<String> bare = new ArrayList<>();
    try (Stream<Path> files = Files.walk(TEMPLATES)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 1; i < lines.size(); i++) {
          if (lines.get(i).startsWith("  - apiGroups:") && !lines.get(i - 1).startsWith("  # ")) {
            bare.add(file + ":" + (i + 1));
          }
        }
      }
    }
    assertThat(bare).isEmpty();
  }
}
