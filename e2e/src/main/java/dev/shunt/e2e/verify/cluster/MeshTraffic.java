package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.SceneException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Requests to the workloads of {@code mesh.yaml}, and what the nodes counted of them. One thread;
 * blocks.
 *
 * @param stage with the cluster
 */
record MeshTraffic(ClusterStage stage) {
  private static final String BODY = "served by web\n";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long FEW_ANSWERS = 200;

  private String url(String service) {
    return "http://"
        + stage
            .kubectl()
            .run("get", "service", "-n", "mesh", service, "-o", "jsonpath={.spec.clusterIP}")
        + "/";
  }

  /** Requests to a workload that go on until it is closed. */
  MeshLoad load(String service) {
    return new MeshLoad(stage.nodes().get(0).network().node().name(), url(service), BODY);
  }

  /** Sends some hundred requests to both workloads, on fresh connections. */
  void drive() {
    for (String service : List.of("web", "plain")) {
      try (MeshLoad load = load(service)) {
        stage.await("answers of " + service, LIMIT, () -> load.answers() >= FEW_ANSWERS);
        requireNoneLost(load);
      }
    }
  }

  /**
   * Checks that each request so far had the right answer.
   *
   * @throws SceneException otherwise
   */
  static void requireNoneLost(MeshLoad load) {
    if (load.failures() > 0) {
      throw new SceneException(
          "%d of %d requests failed: %s"
              .formatted(load.failures(), load.failures() + load.answers(), load.errors()));
    }
  }

  /** Bytes that went accelerated on all nodes, of the endpoints whose name begins like this. */
  long redirected(String start) {
    long sum = 0;
    for (ClusterNode node : stage.nodes()) {
      sum += sum(new NodeApi(node).redirected(), start);
    }
    return sum;
  }

  /** Ends of connections that were paired on all nodes, likewise. */
  long paired(String start) {
    long sum = 0;
    for (ClusterNode node : stage.nodes()) {
      sum += sum(new NodeApi(node).paired(), start);
    }
    return sum;
  }

  private static long sum(Map<String, Long> counts, String start) {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().startsWith(start))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
