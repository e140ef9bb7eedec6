package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The life of a release under load, and its end. Stateless. */
final class ReleaseSteps {
  private static final String RELEASE = "shunt";
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(30);

  private ReleaseSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep(
            "helm_upgrade", "upgrade and rollback under load lose nothing", ReleaseSteps::upgrades),
        new ClusterStep("acceleration_off", "without a policy, back to TCP", ReleaseSteps::stops),
        new ClusterStep("helm_uninstall", "uninstall leaves nothing", ReleaseSteps::uninstalls));
  }

  private static String upgrades(ClusterStage stage) {
    try (MeshLoad load = new MeshTraffic(stage).load("web")) {
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
      MeshTraffic.requireNoneLost(load);
      return "%d requests during the upgrade, %d in all, none lost"
          .formatted(upgraded, load.answers());
    }
  }

  private static String stops(ClusterStage stage) {
    MeshTraffic traffic = new MeshTraffic(stage);
    stage.kubectl().run("delete", "-f", stage.manifest("acceleration.yaml").toString());
    stage.await(
        "no more bytes",
        FOLLOW_LIMIT,
        () -> {
          long before = traffic.redirected("pod:mesh/web-");
          traffic.drive();
          return traffic.redirected("pod:mesh/web-") == before;
        });
    return "no more bytes are redirected";
  }

  private static String uninstalls(ClusterStage stage) {
    try (MeshLoad load = new MeshTraffic(stage).load("web")) {
      stage.helm().run("uninstall", RELEASE, "-n", RELEASE, "--wait", "--timeout", "5m");
      MeshTraffic.requireNoneLost(load);
    }
    Leftovers leftovers = new Leftovers(stage, RELEASE);
    // what belongs to a Service or a Pod goes some moments after it
    if (!Await.until(() -> leftovers.all().isEmpty(), FOLLOW_LIMIT)) {
      throw new SceneException("uninstall failed: it left " + leftovers.all());
    }
    return "no object of any kind, no CRD, no pin, no program, no file or directory on a node";
  }
}
