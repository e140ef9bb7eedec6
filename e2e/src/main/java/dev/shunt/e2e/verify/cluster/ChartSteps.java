package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The chart, and policies that turn acceleration on and off. Stateless. */
final class ChartSteps {
  private static final String RELEASE = "shunt";
  private static final String BODY = "served by web\n";
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(30);
  private static final long FEW_ANSWERS = 200;

  private ChartSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep(
            "objects_valid", "the API server takes every object of the chart", ChartSteps::valid),
        new ClusterStep("helm_install", "helm install --wait", ChartSteps::install),
        new ClusterStep(
            "default_observes", "without a policy: paired, nothing moved", ChartSteps::observes),
        new ClusterStep(
            "acceleration_on", "a policy moves bytes of its pods only", ChartSteps::accelerates),
        new ClusterStep(
            "acceleration_shown", "kubectl get acceleration says so", ChartSteps::shows),
        new ClusterStep(
            "contradiction_shown", "what contradicts it gets a condition", ChartSteps::contradicts),
        new ClusterStep("acceleration_off", "without it, back to TCP", ChartSteps::stops),
        new ClusterStep(
            "helm_upgrade", "upgrade and rollback under load lose nothing", ChartSteps::upgrades),
        new ClusterStep("helm_uninstall", "uninstall leaves nothing", ChartSteps::uninstalls));
  }

  private static String valid(ClusterStage stage) {
    String objects =
        stage
            .helm()
            .run("template", RELEASE, stage.chart().toString(), "-n", RELEASE, "--no-hooks");
    stage.kubectl().run("create", "namespace", RELEASE);
    Path file =
        SceneDirectory.write(stage.cluster().directory().path().resolve("chart.yaml"), objects, 0);
    String answer =
        stage
            .kubectl()
            .run(
                "apply",
                "--dry-run=server",
                "--validate=strict",
                "-n",
                RELEASE,
                "-f",
                file.toString());
    return answer.lines().count() + " objects";
  }

  private static String install(ClusterStage stage) {
    // those that the first steps applied are helm's from here on
    stage.kubectl().run("delete", "crd", "--all");
    stage
        .helm()
        .run(
            "install",
            RELEASE,
            stage.chart().toString(),
            "-n",
            RELEASE,
            "--wait",
            "--timeout",
            "5m",
            "--set",
            "crds.keep=false");
    String pods =
        stage
            .kubectl()
            .run("get", "pods", "-n", RELEASE, "-o", "jsonpath={.items[*].metadata.name}");
    return pods.split(" ", -1).length + " pods are ready";
  }

  private static String url(ClusterStage stage, String service) {
    return "http://"
        + stage
            .kubectl()
            .run("get", "service", "-n", "mesh", service, "-o", "jsonpath={.spec.clusterIP}")
        + "/";
  }

  /** Bytes that went accelerated on all nodes, of the endpoints whose name begins like this. */
  private static long redirected(ClusterStage stage, String start) {
    long sum = 0;
    for (ClusterNode node : stage.nodes()) {
      sum += sum(new NodeApi(node).redirected(), start);
    }
    return sum;
  }

  private static long sum(Map<String, Long> counts, String start) {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().startsWith(start))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Sends some hundred requests to both workloads, on fresh connections. */
  private static void drive(ClusterStage stage) {
    String namespace = stage.nodes().get(0).network().node().name();
    for (String service : List.of("web", "plain")) {
      try (MeshLoad load = new MeshLoad(namespace, url(stage, service), BODY)) {
        stage.await("answers of " + service, FOLLOW_LIMIT, () -> load.answers() >= FEW_ANSWERS);
        requireNoneLost(load);
      }
    }
  }

  private static void requireNoneLost(MeshLoad load) {
    if (load.failures() > 0) {
      throw new SceneException(
          "%d of %d requests failed: %s"
              .formatted(load.failures(), load.failures() + load.answers(), load.errors()));
    }
  }

  private static String observes(ClusterStage stage) {
    drive(stage);
    long paired = 0;
    for (ClusterNode node : stage.nodes()) {
      paired += sum(new NodeApi(node).paired(), "pod:mesh/");
    }
    if (paired == 0) {
      throw new SceneException("observe failed: no connection of namespace mesh was paired");
    }
    long moved = redirected(stage, "");
    if (moved > 0) {
      throw new SceneException("observe failed: %d bytes were redirected".formatted(moved));
    }
    return paired + " connection ends paired, 0 bytes redirected";
  }

  private static String accelerates(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("acceleration.yaml").toString());
    stage.await(
        "bytes of pods that app=web selects",
        FOLLOW_LIMIT,
        () -> {
          drive(stage);
          return redirected(stage, "pod:mesh/web-") > 0;
        });
    drive(stage);
    long others = redirected(stage, "pod:mesh/plain-");
    if (others > 0) {
      throw new SceneException(
          "select pods failed: %d bytes of pods that are not selected".formatted(others));
    }
    return redirected(stage, "pod:mesh/web-") + " bytes of the selected pods, 0 of the others";
  }

  private static String shows(ClusterStage stage) {
    String[] get = {"get", "acceleration", "-n", "mesh", "web", "-o"};
    String row = "jsonpath={.status.matchedPods} {.status.nodes.programmed} {.status.share}";
    stage.await(
        "status of the policy",
        FOLLOW_LIMIT,
        () ->
            stage
                .kubectl()
                .run(get[0], get[1], get[2], get[3], get[4], get[5], row)
                .matches("2 2 [1-9][0-9]?[0-9]?%"));
    return stage
        .kubectl()
        .run("get", "acceleration", "-n", "mesh")
        .strip()
        .replaceAll("\\s*\\R", " | ")
        .replaceAll(" {2,}", " ");
  }

  private static String contradicts(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("contradiction.yaml").toString());
    String reason = "jsonpath={.status.conditions[?(@.status==\"True\")].type}";
    String degraded = "jsonpath={.status.conditions[?(@.type==\"Degraded\")].message}";
    stage.await(
        "condition Degraded",
        FOLLOW_LIMIT,
        () ->
            stage
                .kubectl()
                .run("get", "acceleration", "-n", "mesh", "web-too", "-o", reason)
                .contains("Degraded"));
    String message =
        stage.kubectl().run("get", "acceleration", "-n", "mesh", "web-too", "-o", degraded);
    stage.kubectl().run("delete", "-f", stage.manifest("contradiction.yaml").toString());
    return message;
  }

  private static String stops(ClusterStage stage) {
    stage.kubectl().run("delete", "-f", stage.manifest("acceleration.yaml").toString());
    stage.await(
        "no more bytes",
        FOLLOW_LIMIT,
        () -> {
          long before = redirected(stage, "pod:mesh/web-");
          drive(stage);
          return redirected(stage, "pod:mesh/web-") == before;
        });
    return "no more bytes are redirected";
  }

  private static String upgrades(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("acceleration.yaml").toString());
    String namespace = stage.nodes().get(0).network().node().name();
    try (MeshLoad load = new MeshLoad(namespace, url(stage, "web"), BODY)) {
      List<String> upgrade =
          new ArrayList<>(
              List.of("upgrade", RELEASE, stage.chart().toString(), "-n", RELEASE, "--wait"));
      upgrade.addAll(List.of("--timeout", "5m", "--reuse-values"));
      upgrade.addAll(List.of("--set", "node.podAnnotations.upgraded=yes"));
      stage.helm().run(upgrade.toArray(String[]::new));
      stage
          .kubectl()
          .run("rollout", "status", "-n", RELEASE, "daemonset/shunt-node", "--timeout=180s");
      long upgraded = load.answers();
      stage.helm().run("rollback", RELEASE, "-n", RELEASE, "--wait", "--timeout", "5m");
      stage
          .kubectl()
          .run("rollout", "status", "-n", RELEASE, "daemonset/shunt-node", "--timeout=180s");
      requireNoneLost(load);
      return "%d requests during the upgrade, %d in all, none lost"
          .formatted(upgraded, load.answers());
    }
  }

  private static String uninstalls(ClusterStage stage) {
    String namespace = stage.nodes().get(0).network().node().name();
    try (MeshLoad load = new MeshLoad(namespace, url(stage, "web"), BODY)) {
      stage.helm().run("uninstall", RELEASE, "-n", RELEASE, "--wait", "--timeout", "5m");
      requireNoneLost(load);
    }
    List<String> left = new ArrayList<>();
    for (String kind : List.of("clusterrole", "clusterrolebinding", "crd")) {
      for (String name : stage.kubectl().run("get", kind, "-o", "name").lines().toList()) {
        if (name.contains("shunt")) {
          left.add(name);
        }
      }
    }
    left.addAll(
        stage
            .kubectl()
            .run("get", "all,secrets,configmaps,leases", "-n", RELEASE, "-o", "name")
            .lines()
            .filter(name -> !name.contains("kube-root-ca.crt"))
            .toList());
    for (ClusterNode node : stage.nodes()) {
      Path pins = node.settings().bpf().resolve("shunt");
      if (Files.exists(pins)) {
        SceneDirectory.filesBelow(pins).forEach(each -> left.add(each.toString()));
      }
    }
    if (!left.isEmpty()) {
      throw new SceneException("uninstall failed: it left " + left);
    }
    return "no object, no CRD, no pin";
  }
}
