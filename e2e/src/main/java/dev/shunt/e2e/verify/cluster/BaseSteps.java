package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.CgroupDriver;
import dev.shunt.e2e.cluster.TestCluster.Programs;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/** The cluster itself, the policies' API, and pods of a mesh. Stateless. */
final class BaseSteps {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final String EXPECTED = "expected";

  private BaseSteps() {}

  static List<ClusterStep> all() {
    return List.of(
        up(),
        new ClusterStep(
            "crds_established", "the API server takes the CRDs", BaseSteps::crdsEstablished),
        new ClusterStep("good_applied", "it takes one policy of each kind", BaseSteps::goodApplied),
        new ClusterStep("bad_refused", "it refuses bad ones and says why", BaseSteps::badRefused),
        pods());
  }

  static ClusterStep up() {
    return new ClusterStep("cluster_up", "a control plane and two nodes", BaseSteps::clusterUp);
  }

  static ClusterStep pods() {
    return new ClusterStep("pods_serve", "pods with Envoy serve a Service", BaseSteps::podsServe);
  }

  private static String clusterUp(ClusterStage stage) {
    stage.start(Programs.ofUser(line -> {}));
    stage.addNode("node-a", CgroupDriver.SYSTEMD, ClusterImages.all());
    stage.addNode("node-b", CgroupDriver.CGROUPFS, ClusterImages.all());
    stage.kubectl().run("wait", "--for=condition=Ready", "node", "--all", "--timeout=60s");
    String untainted = "jsonpath={.items[*].spec.taints[*].key}";
    stage.await(
        "nodes without taints",
        READY_LIMIT,
        () -> stage.kubectl().run("get", "nodes", "-o", untainted).isBlank());
    return "nodes "
        + stage.kubectl().run("get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")
        + " are ready";
  }

  private static String crdsEstablished(ClusterStage stage) {
    String crds =
        stage
            .helm()
            .run("template", "shunt", stage.chart().toString(), "--show-only", "templates/crds/*");
    Path file =
        SceneDirectory.write(stage.cluster().directory().path().resolve("crds.yaml"), crds, 0);
    stage.kubectl().run("apply", "--server-side", "-f", file.toString());
    stage
        .kubectl()
        .run("wait", "--for=condition=Established", "-f", file.toString(), "--timeout=60s");
    String names =
        stage.kubectl().run("get", "crd", "-o", "jsonpath={.items[*].spec.names.kind}").strip();
    if (!names.contains("ClusterAcceleration")) {
      throw new SceneException("list CRDs failed: no ClusterAcceleration among " + names);
    }
    return names.replace(" ", ", ");
  }

  private static String goodApplied(ClusterStage stage) {
    String file = stage.manifest("good/policies.yaml").toString();
    String answer = stage.kubectl().run("apply", "-f", file);
    long created = answer.lines().filter(line -> line.endsWith(" created")).count();
    stage.kubectl().run("delete", "-f", file);
    return created - 1 + " policies"; // one line is the namespace of some
  }

  private static String badRefused(ClusterStage stage) {
    int refused = 0;
    for (Object document : new Yaml().loadAll(read(stage.manifest("bad.yaml")))) {
      refuse(stage, document, refused);
      refused++;
    }
    return refused + " refused, each with its reason";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  private static void refuse(ClusterStage stage, Object document, int number) {
    Map<?, ?> metadata = (Map<?, ?>) ((Map<?, ?>) document).get("metadata");
    Map<?, ?> annotations = (Map<?, ?>) Objects.requireNonNull(metadata).get("annotations");
    String expected = String.valueOf(Objects.requireNonNull(annotations).get(EXPECTED));
    Path file =
        SceneDirectory.write(
            stage.cluster().directory().path().resolve("bad-" + number + ".yaml"),
            new Yaml().dump(document),
            0);
    var result = stage.kubectl().tryRun("create", "-f", file.toString());
    String name = String.valueOf(metadata.get("name"));
    if (result.exitCode() == 0) {
      throw new SceneException("refuse " + name + " failed: the API server took it");
    }
    if (!result.errors().contains(expected)) {
      throw new SceneException(
          "refuse %s failed: it says \"%s\" (expected: \"%s\")"
              .formatted(name, result.errors().strip(), expected));
    }
  }

  private static String podsServe(ClusterStage stage) {
    stage.kubectl().run("apply", "-f", stage.manifest("mesh.yaml").toString());
    stage.kubectl().run("rollout", "status", "-n", "mesh", "deployment/web", "--timeout=120s");
    String address =
        stage
            .kubectl()
            .run("get", "service", "-n", "mesh", "web", "-o", "jsonpath={.spec.clusterIP}");
    for (var node : stage.nodes()) {
      String body = HttpGet.from(node.network().node().name(), "http://" + address + "/");
      if (!body.contains("served by web")) {
        throw new SceneException("get from " + node.name() + " failed: " + body);
      }
    }
    return "two pods behind " + address + ", from both nodes";
  }
}
