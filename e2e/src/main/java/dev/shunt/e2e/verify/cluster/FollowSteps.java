package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.CgroupDriver.Quality;
import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.cluster.ClusterEdits.Policy;
import io.kubernetes.client.openapi.models.V1Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How soon nodes follow what changes, by what they say themselves and by what their connections do.
 * Stateless.
 */
final class FollowSteps {
  private static final int ROUNDS = 5;
  private static final String NAMESPACE = "mesh";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private FollowSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        new ClusterStep(
            "policy_followed", "a policy that comes and goes, within 1 s", FollowSteps::policies),
        new ClusterStep(
            "labels_followed", "labels of pods and namespaces, within 1 s", FollowSteps::labels),
        new ClusterStep(
            "pods_followed",
            "pods that come and go, from their first connection",
            FollowSteps::pods));
  }

  /** What a step edits and looks at. */
  private record Scene(ClusterStage stage, ClusterEdits edits, String endpoint) {
    /** With a pod that no policy of the other steps selects. */
    static Scene ofPlain(ClusterStage stage) {
      ClusterEdits edits = new ClusterEdits(stage.cluster());
      return new Scene(stage, edits, edits.pods(NAMESPACE, "app=plain").get(0));
    }

    boolean isIn(String mode) {
      return stage.nodes().stream()
          .map(node -> new NodeApi(node).modes().get("pod:" + NAMESPACE + "/" + endpoint))
          .anyMatch(mode::equals);
    }

    /** Blocks until the pod's node says this mode. */
    void follow(FollowTimes times, String what, String mode) {
      long since = System.nanoTime();
      times.await(what, since, () -> isIn(mode));
    }
  }

  private static String policies(ClusterStage stage) {
    Scene scene = Scene.ofPlain(stage);
    scene.edits().labelPod(NAMESPACE, scene.endpoint(), "{\"lane\":\"fast\"}");
    Policy lane = stage.policy("follow/lane.yaml");
    FollowTimes made = new FollowTimes(stage);
    FollowTimes deleted = new FollowTimes(stage);
    for (int i = 0; i < ROUNDS; i++) {
      scene.edits().create(lane);
      scene.follow(made, "a new policy", "accelerate");
      scene.edits().delete(lane);
      scene.follow(deleted, "a deleted policy", "observe");
    }
    requireNothingMoves(new MeshTraffic(stage));
    return made.verdict("made") + "; " + deleted.verdict("deleted, and nothing moves any more");
  }

  private static void requireNothingMoves(MeshTraffic traffic) {
    long before = traffic.redirected("pod:mesh/plain-");
    traffic.drive();
    long moved = traffic.redirected("pod:mesh/plain-") - before;
    if (moved > 0) {
      throw new SceneException(
          "follow the end of a policy failed: %d bytes were redirected after it".formatted(moved));
    }
  }

  private static String labels(ClusterStage stage) {
    Scene scene = Scene.ofPlain(stage);
    scene.edits().labelPod(NAMESPACE, scene.endpoint(), "{\"lane\":null}");
    Policy lane = stage.policy("follow/lane.yaml");
    scene.edits().create(lane);
    FollowTimes ofPod = new FollowTimes(stage);
    for (int i = 0; i < ROUNDS; i++) {
      scene.edits().labelPod(NAMESPACE, scene.endpoint(), "{\"lane\":\"fast\"}");
      scene.follow(ofPod, "a new label of a pod", "accelerate");
      scene.edits().labelPod(NAMESPACE, scene.endpoint(), "{\"lane\":null}");
      scene.follow(ofPod, "the end of a label of a pod", "observe");
    }
    scene.edits().delete(lane);
    Policy lanes = stage.policy("follow/lanes.yaml");
    scene.edits().create(lanes);
    FollowTimes ofNamespace = new FollowTimes(stage);
    for (int i = 0; i < ROUNDS; i++) {
      scene.edits().labelNamespace(NAMESPACE, "{\"lanes\":\"open\"}");
      scene.follow(ofNamespace, "a new label of a namespace", "accelerate");
      scene.edits().labelNamespace(NAMESPACE, "{\"lanes\":null}");
      scene.follow(ofNamespace, "the end of a label of a namespace", "observe");
    }
    scene.edits().delete(lanes);
    return ofPod.verdict("pod") + "; " + ofNamespace.verdict("namespace");
  }

  /** The same pod again and again: it connects before it does anything else, and only once. */
  private static String pods(ClusterStage stage) {
    ClusterEdits edits = new ClusterEdits(stage.cluster());
    Policy policy = stage.policy("follow/first-policy.yaml");
    edits.create(policy);
    Scene scene = new Scene(stage, edits, "first");
    FollowTimes known = new FollowTimes(stage);
    FollowTimes joined = new FollowTimes(stage);
    FollowTimes gone = new FollowTimes(stage);
    for (int i = 0; i < ROUNDS; i++) {
      V1Pod pod = edits.create(stage.pod("follow/first.yaml"));
      stage.await("first process of the pod", LIMIT, () -> runs(stage, pod));
      long since = System.nanoTime();
      known.await("a new pod", since, () -> scene.isIn("accelerate"));
      joined.await("its first connection", since, () -> steps(stage).equals(Set.of("joined")));
      edits.deletePod(NAMESPACE, "first");
      stage.await("end of the pod", LIMIT, () -> edits.isGone(NAMESPACE, "first"));
      gone.await("the end of a pod", System.nanoTime(), () -> !isKnown(stage));
    }
    edits.delete(policy);
    return "%s; %s; %s"
        .formatted(
            known.verdict("known after its first process"),
            joined.times("both ends of its first connection accelerated"),
            gone.verdict("gone"));
  }

  private static boolean runs(ClusterStage stage, V1Pod pod) {
    for (ClusterNode node : stage.nodes()) {
      Path cgroup = node.settings().cgroup().path();
      String uid = String.valueOf(pod.getMetadata().getUid());
      for (String folder : node.settings().driver().pod(Quality.BEST_EFFORT, uid)) {
        cgroup = cgroup.resolve(folder);
      }
      if (!CgroupTree.existing(cgroup).processIds().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKnown(ClusterStage stage) {
    return stage.nodes().stream()
        .anyMatch(node -> new NodeApi(node).modes().containsKey("pod:" + NAMESPACE + "/first"));
  }

  /** Where the ends of the pod's connections stand. */
  private static Set<String> steps(ClusterStage stage) {
    return stage.nodes().stream()
        .flatMap(node -> new NodeApi(node).steps("pod:" + NAMESPACE + "/first").stream())
        .collect(Collectors.toSet());
  }
}
