package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens while there is no control plane. Stateless. */
final class OutageSteps {
  /** Label of the control plane's pods. */
  static final String PLANE = "app.kubernetes.io/component=control-plane";

  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);
  private static final double MILLIS = 1e3;

  /** As nodes log it (logback.xml). */
  private static final Pattern FOLLOWING =
      Pattern.compile("(?m)^(\\S+) +INFO +\\S+ following control plane");

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
      kill(stage);
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
      Instant back = Instant.now();
      scale(stage, 2);
      RightsSteps.rollOut(stage);
      stage.await(
          "return of the nodes",
          FOLLOW_LIMIT,
          () -> returns(stage, back).size() >= stage.nodes().size());
      MeshTraffic.requireNoneLost(load);
      return ("%d requests in %d s without it, a restart of the nodes meanwhile, none lost;"
              + " replicas asked for again, nodes follow them after %s s")
          .formatted(
              load.answers(),
              stage.outage().toSeconds(),
              String.join(" and ", returns(stage, back)));
    }
  }

  /**
   * Ends all replicas without the time to say goodbye to their nodes; none comes in their place.
   */
  private static void kill(ClusterStage stage) {
    scale(stage, 0);
    stage
        .kubectl()
        .run("delete", "pods", "-n", "shunt", "-l", PLANE, "--grace-period=0", "--force");
    stage.await("end of the control plane", FOLLOW_LIMIT, () -> planeAddress(stage).isEmpty());
  }

  /** When nodes said that they follow a control plane again, in seconds. */
  private static List<String> returns(ClusterStage stage, Instant back) {
    List<String> seconds = new ArrayList<>();
    Matcher lines = FOLLOWING.matcher(new PodLogs(stage).of("node"));
    while (lines.find()) {
      Duration after = Duration.between(back, OffsetDateTime.parse(lines.group(1)).toInstant());
      if (!after.isNegative()) {
        seconds.add(String.format(Locale.ROOT, "%.1f", after.toMillis() / MILLIS));
      }
    }
    return seconds;
  }

  /** Where a replica of the control plane is; empty when there is none. */
  static String planeAddress(ClusterStage stage) {
    String path = "jsonpath={.items[*].status.podIP}";
    String addresses =
        stage.kubectl().run("get", "pods", "-n", "shunt", "-l", PLANE, "-o", path).strip();
    return addresses.split(" ", -1)[0];
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
