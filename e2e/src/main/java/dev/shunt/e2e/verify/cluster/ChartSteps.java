package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The chart, and policies that turn acceleration on and off. Stateless. */
final class ChartSteps {
  private static final String RELEASE = "shunt";
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(30);

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
            "contradiction_shown",
            "what contradicts it gets a condition",
            ChartSteps::contradicts));
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
    install(stage, stage.chart(), List.of());
    String pods =
        stage
            .kubectl()
            .run("get", "pods", "-n", RELEASE, "-o", "jsonpath={.items[*].metadata.name}");
    return pods.split(" ", -1).length + " pods are ready";
  }

  /** Installs a chart with these values on top of what all runs have. */
  static void install(ClusterStage stage, Path chart, List<String> values) {
    List<String> argv = new ArrayList<>(List.of("install", RELEASE, chart.toString()));
    argv.addAll(List.of("-n", RELEASE, "--create-namespace", "--wait", "--timeout", "5m"));
    argv.addAll(List.of("--set", "crds.keep=false", "--set", "controlPlane.logLevel=debug"));
    values.forEach(value -> argv.addAll(List.of("--set", value)));
    stage.helm().run(argv.toArray(String[]::new));
  }

  /** With one replica, so that whatever it cannot do is not done. */
  static String installOne(ClusterStage stage) {
    install(stage, stage.chart(), List.of("controlPlane.replicas=1"));
    return "one replica and the nodes are ready";
  }

  private static String observes(ClusterStage stage) {
    MeshTraffic traffic = new MeshTraffic(stage);
    traffic.drive();
    long paired = traffic.paired("pod:mesh/");
    if (paired == 0) {
      throw new SceneException("observe failed: no connection of namespace mesh was paired");
    }
    long moved = traffic.redirected("");
    if (moved > 0) {
      throw new SceneException("observe failed: %d bytes were redirected".formatted(moved));
    }
    return paired + " connection ends paired, 0 bytes redirected";
  }

  private static String accelerates(ClusterStage stage) {
    MeshTraffic traffic = new MeshTraffic(stage);
    stage.kubectl().run("apply", "-f", stage.manifest("acceleration.yaml").toString());
    stage.await(
        "bytes of pods that app=web selects",
        FOLLOW_LIMIT,
        () -> {
          traffic.drive();
          return traffic.redirected("pod:mesh/web-") > 0;
        });
    traffic.drive();
    long others = traffic.redirected("pod:mesh/plain-");
    if (others > 0) {
      throw new SceneException(
          "select pods failed: %d bytes of pods that are not selected".formatted(others));
    }
    return traffic.redirected("pod:mesh/web-") + " bytes of the selected pods, 0 of the others";
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
}
