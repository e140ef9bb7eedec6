package dev.shunt.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.charts.Manifests.Node;
import dev.shunt.cli.ShuntCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What runs in the pods: arguments of this build's command line, least rights, things that agree.
 */
class NodePodIT {
  private static final Manifests DEFAULT = Helm.render();
  private static final Node NODE = DEFAULT.get("DaemonSet", "shunt-node").at("spec.template.spec");
  private static final Node PLANE =
      DEFAULT.get("Deployment", "shunt-control-plane").at("spec.template.spec");
  private static final Node REMOVAL =
      DEFAULT.get("Job", "shunt-uninstall").at("spec.template.spec");
  private static final Node SELF_TEST = DEFAULT.get("Pod", "shunt-selftest").at("spec");

  @Test
  void arguments_everyPod_areOptionsOfTheCommand() {
    List<String> unknown = new ArrayList<>();
    for (Node pod : List.of(NODE, PLANE, REMOVAL, SELF_TEST)) {
      List<String> arguments = pod.at("containers.0.args").texts();
      CommandLine command = ShuntCommand.commandLine().getSubcommands().get(arguments.get(0));
      if (command == null) {
        unknown.add(arguments.get(0));
        continue;
      }
      for (String argument : arguments.subList(1, arguments.size())) {
        String option = argument.split("=", 2)[0];
        if (command.getCommandSpec().findOption(option) == null) {
          unknown.add(arguments.get(0) + " " + option);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void node_withACollector_hasItsOptionsAndFiles() {
    Node pod =
        Helm.render(
                "node.otlp.endpoint=grpcs://otel.monitoring.svc",
                "node.otlp.headersSecret=otel-token",
                "node.otlp.caConfigMap=otel-ca",
                "node.otlp.clientSecret=otel-client",
                "node.otlp.compression=gzip",
                "node.otlp.newTraces=true")
            .get("DaemonSet", "shunt-node")
            .at("spec.template.spec");
    CommandLine node =
        Objects.requireNonNull(ShuntCommand.commandLine().getSubcommands().get("node"));
    List<String> options =
        pod.at("containers.0.args").texts().stream()
            .filter(argument -> argument.startsWith("--otlp-"))
            .toList();

    assertThat(options)
        .containsExactly(
            "--otlp-endpoint=grpcs://otel.monitoring.svc",
            "--otlp-interval=60",
            "--otlp-new-traces",
            "--otlp-headers-file=/etc/shunt/otlp-headers/headers",
            "--otlp-ca=/etc/shunt/otlp-ca/ca.crt",
            "--otlp-client-certificate=/etc/shunt/otlp-client/tls.crt",
            "--otlp-client-key=/etc/shunt/otlp-client/tls.key",
            "--otlp-compression=gzip")
        .allSatisfy(
            option ->
                assertThat(node.getCommandSpec().findOption(option.split("=", 2)[0])).isNotNull());
    assertThat(names(pod.at("containers.0.volumeMounts")))
        .isEqualTo(names(pod.at("volumes")))
        .contains("otlp-headers", "otlp-ca", "otlp-client");
    assertThat(pod.text()).contains("secretName=otel-token", "secretName=otel-client");
    assertThat(NODE.text()).doesNotContain("otlp");
  }

  @Test
  void node_stop_keepsTrafficAccelerated() {
    assertThat(NODE.at("containers.0.args").texts()).contains("--on-stop=keep");
    assertThat(Helm.render("node.onStop=drain").get("DaemonSet", "shunt-node").text())
        .contains("--on-stop=drain");
  }

  @Test
  void node_capabilities_nothingElseAndEachWithItsReason() throws IOException {
    Node security = NODE.at("containers.0.securityContext");

    assertThat(security.at("privileged").text()).isEqualTo("false");
    assertThat(security.at("capabilities.drop").texts()).containsExactly("ALL");
    assertThat(security.at("capabilities.add").texts())
        .containsExactly("BPF", "NET_ADMIN", "PERFMON", "SYS_ADMIN", "SYS_PTRACE");
    List<String> lines = Files.readAllLines(Helm.CHART.resolve("templates/node/daemonset.yaml"));
    for (String capability : security.at("capabilities.add").texts()) {
      int line = lines.indexOf("                - " + capability);
      assertThat(lines.get(line - 1)).as(capability).contains(" # ");
    }
  }

  @Test
  void node_withoutControlPlane_namesNothingOfIt() {
    Node alone =
        Helm.render("controlPlane.enabled=false")
            .get("DaemonSet", "shunt-node")
            .at("spec.template.spec");

    assertThat(alone.text()).doesNotContain("control-plane", "plane-ca", "token-file");
  }

  @Test
  void node_controlPlane_isTheServiceAndItsPort() {
    Node service = DEFAULT.get("Service", "shunt-control-plane");

    assertThat(NODE.at("containers.0.args").texts())
        .contains(
            "--control-plane=shunt-control-plane.shunt-system.svc:"
                + service.at("spec.ports.0.port").text());
    assertThat(PLANE.at("containers.0.args").texts()).contains("--listen=0.0.0.0:7443");
    assertThat(selects(service.at("spec.selector"), "Deployment", "shunt-control-plane")).isTrue();
  }

  @Test
  void node_token_isForTheControlPlaneOnly() {
    Node token =
        NODE.at("volumes").list().stream()
            .filter(volume -> volume.at("name").text().equals("plane-token"))
            .findFirst()
            .orElseThrow()
            .at("projected.sources.0.serviceAccountToken");

    assertThat(PLANE.at("containers.0.args").texts())
        .contains("--token-audience=" + token.at("audience").text());
    assertThat(token.at("expirationSeconds").text()).isEqualTo("3600");
  }

  @Test
  void volumes_everyPod_mountedAndDefined() {
    for (Node pod : List.of(NODE, PLANE, REMOVAL, SELF_TEST)) {
      assertThat(names(pod.at("containers.0.volumeMounts"))).isEqualTo(names(pod.at("volumes")));
      assertThat(pod.at("containers.0.securityContext.readOnlyRootFilesystem").text())
          .isEqualTo("true");
      assertThat(pod.at("containers.0.resources.limits.memory").exists()).isTrue();
    }
  }

  @Test
  void restrictedPods_everyOne_meetPodSecurityRestricted() {
    for (Node pod : List.of(PLANE, REMOVAL)) {
      assertThat(pod.at("securityContext.runAsNonRoot").text()).isEqualTo("true");
      assertThat(pod.at("securityContext.seccompProfile.type").text()).isEqualTo("RuntimeDefault");
      Node container = pod.at("containers.0.securityContext");
      assertThat(container.at("allowPrivilegeEscalation").text()).isEqualTo("false");
      assertThat(container.at("capabilities.drop").texts()).containsExactly("ALL");
      assertThat(container.at("capabilities.add").exists()).isFalse();
      assertThat(pod.at("hostNetwork").exists() || pod.at("hostPID").exists()).isFalse();
    }
  }

  @Test
  void removal_hook_runsBeforeAnythingGoesAndChangesOnlyTheNodesDaemonSet() {
    assertThat(DEFAULT.all("Job"))
        .allSatisfy(
            job ->
                assertThat(job.at("metadata.annotations").key("helm.sh/hook").text())
                    .isEqualTo("pre-delete"));
    assertThat(REMOVAL.at("containers.0.args").texts())
        .contains("--daemonset=shunt-node", "--namespace=shunt-system", "--stay=$(POD_IP):9464");
    Node changes = DEFAULT.get("Role", "shunt-uninstall").at("rules.0");
    assertThat(changes.at("resourceNames").texts()).containsExactly("shunt-node");
    assertThat(changes.at("verbs").texts()).containsExactly("get", "patch");
    assertThat(NODE.at("containers.0.name").text()).isEqualTo("node");
    assertThat(names(NODE.at("containers.0.env"))).contains("POD_IP");
  }

  @Test
  void selectors_workloads_selectTheirOwnPodsOnly() {
    assertThat(
            selects(
                DEFAULT.get("DaemonSet", "shunt-node").at("spec.selector.matchLabels"),
                "DaemonSet",
                "shunt-node"))
        .isTrue();
    assertThat(
            selects(
                DEFAULT.get("DaemonSet", "shunt-node").at("spec.selector.matchLabels"),
                "Deployment",
                "shunt-control-plane"))
        .isFalse();
    assertThat(
            selects(
                DEFAULT
                    .get("PodDisruptionBudget", "shunt-control-plane")
                    .at("spec.selector.matchLabels"),
                "Deployment",
                "shunt-control-plane"))
        .isTrue();
  }

  @Test
  void budget_oneReplica_none() {
    assertThat(Helm.render("controlPlane.replicas=1").all("PodDisruptionBudget")).isEmpty();
  }

  @Test
  void image_digest_outranksTheTag() {
    String digest = "sha256:" + "a".repeat(64);

    assertThat(NODE.at("containers.0.image").text()).isEqualTo("shunt:0.1.0-SNAPSHOT");
    assertThat(
            Helm.render("image.repository=mesh/shunt", "image.digest=" + digest)
                .get("DaemonSet", "shunt-node")
                .at("spec.template.spec.containers.0.image")
                .text())
        .isEqualTo("mesh/shunt@" + digest);
  }

  private static boolean selects(Node labels, String kind, String name) {
    Set<String> wanted = entries(labels);
    return !wanted.isEmpty()
        && entries(DEFAULT.get(kind, name).at("spec.template.metadata.labels")).containsAll(wanted);
  }

  private static Set<String> entries(Node labels) {
    return labels.value() instanceof Map<?, ?> map
        ? map.entrySet().stream().map(String::valueOf).collect(Collectors.toSet())
        : Set.of();
  }

  private static Set<String> names(Node list) {
    return list.list().stream()
        .map(item -> item.at("name").text())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
