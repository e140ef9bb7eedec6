package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import java.time.Duration;
import java.util.List;

/** What happens while there is no control plane. Stateless. */
final class OutageSteps {
  private static final String PLANE = "app.kubernetes.io/component=control-plane";
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);
  private static final Duration CHECK = Duration.ofSeconds(5);

  private OutageSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep(
            "plane_lost", "without control plane: the last good policy", OutageSteps::loses));
  }

  private static String loses(ClusterStage stage) {
    MeshTraffic traffic = new MeshTraffic(stage);
    try (MeshLoad load = traffic.load("web")) {
      scale(stage, 0);
      stage.await(
          "end of the control plane",
          FOLLOW_LIMIT,
          () ->
              stage
                  .kubectl()
                  .run("get", "pods", "-n", "shunt", "-l", PLANE, "-o", "name")
                  .isBlank());
      long endNanos = System.nanoTime() + stage.outage().toNanos();
      requireMoving(traffic);
      // a node that starts meanwhile has its last policies from disk
      stage.kubectl().run("rollout", "restart", "-n", "shunt", "daemonset/shunt-node");
      stage
          .kubectl()
          .run("rollout", "status", "-n", "shunt", "daemonset/shunt-node", "--timeout=180s");
      while (System.nanoTime() < endNanos) {
        requireMoving(traffic);
      }
      scale(stage, 2);
      stage
          .kubectl()
          .run(
              "rollout",
              "status",
              "-n",
              "shunt",
              "deployment/shunt-control-plane",
              "--timeout=180s");
      MeshTraffic.requireNoneLost(load);
      return "%d requests in %d s without it, a restart of the nodes meanwhile, none lost"
          .formatted(load.answers(), stage.outage().toSeconds());
    }
  }

  private static void scale(ClusterStage stage, int replicas) {
    stage
        .kubectl()
        .run("scale", "-n", "shunt", "deployment/shunt-control-plane", "--replicas=" + replicas);
  }

  private static void requireMoving(MeshTraffic traffic) {
    long before = traffic.redirected("pod:mesh/web-");
    if (!Await.until(() -> traffic.redirected("pod:mesh/web-") > before, CHECK)) {
      throw new SceneException(
          "keep the last good policy failed: no more bytes are redirected without control plane");
    }
  }
}
