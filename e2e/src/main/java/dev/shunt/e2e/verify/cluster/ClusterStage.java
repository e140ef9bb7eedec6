package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.CgroupDriver;
import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.cluster.KubeTool;
import dev.shunt.e2e.cluster.TestCluster;
import dev.shunt.e2e.cluster.TestCluster.Programs;
import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.ResourceTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.cluster.ClusterEdits.Policy;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** What the steps share: the cluster with its nodes, and the files they apply. One thread. */
final class ClusterStage {
  private static final String MANIFESTS = "/dev/shunt/e2e/cluster/manifests";

  /** The chart of this build, for {@link ResourceTree}. */
  static final String CHART = "/dev/shunt/e2e/chart";

  private final Teardown teardown;
  private final Consumer<String> progress;
  private final Duration outage;
  private final List<ClusterNode> nodes = new ArrayList<>();
  private @Nullable TestCluster cluster;

  /**
   * Without a cluster yet.
   *
   * @param teardown gets it
   * @param progress gets lines for the user
   * @param outage how long the control plane is away
   */
  ClusterStage(Teardown teardown, Consumer<String> progress, Duration outage) {
    this.teardown = teardown;
    this.progress = progress;
    this.outage = outage;
  }

  void start(Programs programs) {
    TestCluster started =
        teardown.add(TestCluster.start(SceneName.fresh("cluster").toString(), programs, progress));
    cluster = started;
    ResourceTree.copy(MANIFESTS, manifest(""));
    ResourceTree.copy(CHART, chart());
  }

  void addNode(String name, CgroupDriver driver, Images images) {
    nodes.add(cluster().addNode(name, driver, images));
  }

  TestCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("the cluster does not run");
    }
    return cluster;
  }

  /** Tells the user how far a step is. */
  void say(String line) {
    progress.accept(line);
  }

  Duration outage() {
    return outage;
  }

  List<ClusterNode> nodes() {
    return List.copyOf(nodes);
  }

  KubeTool kubectl() {
    return cluster().kubectl();
  }

  KubeTool helm() {
    return cluster().helm();
  }

  /** A file or folder of {@code e2e/cluster/manifests}. */
  Path manifest(String name) {
    return cluster().directory().path().resolve("manifests").resolve(name);
  }

  /** The policy in one of them. */
  Policy policy(String name) {
    return new Policy(new Yaml().load(text(name)));
  }

  /** The pod in one of them. */
  V1Pod pod(String name) {
    V1Pod pod = io.kubernetes.client.util.Yaml.loadAs(text(name), V1Pod.class);
    // the library has an empty map, which admission takes for an overhead of nobody's
    Objects.requireNonNull(pod.getSpec()).setOverhead(null);
    return pod;
  }

  /** What one of them says. */
  String text(String name) {
    try {
      return Files.readString(manifest(name));
    } catch (IOException e) {
      throw new SceneException("read " + manifest(name) + " failed: " + e, e);
    }
  }

  /** The chart of this build. */
  Path chart() {
    return cluster().directory().path().resolve("chart");
  }

  /**
   * Blocks until a condition holds.
   *
   * @throws SceneException when it does not within the limit
   */
  void await(String what, Duration limit, BooleanSupplier condition) {
    if (!Await.until(condition, limit)) {
      throw new SceneException("await %s failed: not within %s".formatted(what, limit));
    }
  }
}
