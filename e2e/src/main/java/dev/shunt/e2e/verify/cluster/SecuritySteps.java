package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.KubeTool;
import dev.shunt.e2e.scene.SceneException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Who may not, and what that leaves behind. Stateless. */
final class SecuritySteps {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String OFF = "{\"spec\":{\"mode\":\"off\"}}";

  private SecuritySteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep(
            "mode_change_refused",
            "who may not cannot change a mode",
            SecuritySteps::refusesModeChanges),
        new ClusterStep(
            "callers_refused",
            "wrong callers are refused, counted, logged without secrets",
            CallerSteps::refused));
  }

  private static String refusesModeChanges(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("security/people.yaml").toString());
    KubeTool.Result viewer = patch(stage, "viewer");
    if (viewer.exitCode() == 0 || !viewer.errors().contains("Forbidden")) {
      throw new SceneException("refuse a viewer's change failed: " + viewer);
    }
    KubeTool.Result editor = patch(stage, "editor");
    if (editor.exitCode() != 0) {
      throw new SceneException("dry run of an editor's change failed: " + editor.errors());
    }
    stage.kubectl().run("apply", "-f", stage.manifest("security/intruders.yaml").toString());
    String root = answer(stage, "root");
    String other = answer(stage, "other");
    stage.kubectl().run("delete", "pod", "-n", "mesh", "intruders", "--wait=false");
    if (!root.equals("connected") || !other.equals("EACCES")) {
      throw new SceneException(
          "refuse the node's socket to others failed: root %s, others %s".formatted(root, other));
    }
    String mode =
        stage
            .kubectl()
            .run("get", "acceleration", "-n", "mesh", "web", "-o", "jsonpath={.spec.mode}");
    if (!mode.equals("accelerate")) {
      throw new SceneException("keep the mode failed: it is " + mode);
    }
    return "policy: viewer forbidden, editor may; socket of the node: root connects, others EACCES";
  }

  /** Somebody's try to turn acceleration off; what the API server would allow changes nothing. */
  private static KubeTool.Result patch(ClusterStage stage, String account) {
    Path kubeconfig = stage.cluster().accountKubeconfig("mesh", account);
    return stage
        .cluster()
        .kubectl(kubeconfig)
        .tryRun(
            "patch",
            "acceleration",
            "-n",
            "mesh",
            "web",
            "--type=merge",
            "--dry-run=server",
            "-p",
            OFF);
  }

  /** What a container of the pod said at its end. */
  private static String answer(ClusterStage stage, String container) {
    String path =
        "jsonpath={.status.containerStatuses[?(@.name==\"%s\")].state.terminated.message}"
            .formatted(container);
    String[] get = {"get", "pod", "-n", "mesh", "intruders", "-o", path};
    stage.await(
        "answer of container " + container, LIMIT, () -> !stage.kubectl().run(get).isBlank());
    return stage.kubectl().run(get).strip();
  }
}
