package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.shunt.agent.PodBed.Driver;
import dev.shunt.agent.PodBed.Pod;
import dev.shunt.cli.ExitCode;
import dev.shunt.cluster.PlaneBed;
import dev.shunt.cluster.TestFacts;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.ingest.distribution.PolicyStreamConfig;
import dev.shunt.ingest.kubernetes.PodObject;
import dev.shunt.ingest.kubernetes.SmallApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of a cluster that takes its policies from a control plane. */
class PlaneNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final int CHANGES = 10;

  @TempDir private Path home;

  private final String name = "plane-node-it-" + ProcessHandle.current().pid();
  private final TestNetns host = new TestNetns();
  private PodBed bed;
  private NodePlace place;
  private SmallApiServer server;
  private Path kubeconfig;
  private PlaneBed plane;

  @BeforeEach
  void makePlace() throws Exception {
    bed = PodBed.open(name);
    place = NodePlace.at(home, bed.cgroup(), name);
    Path files = Files.createDirectory(home.resolve("plane"));
    server = host.call(SmallApiServer::start);
    plane = host.call(() -> new PlaneBed(files));
    kubeconfig = server.kubeconfig(home.resolve("kubeconfig"));
    server.node("node-1", Map.of());
    server.namespace("shop", Map.of());
  }

  @AfterEach
  void removePlace() throws IOException {
    plane.close();
    server.close();
    host.close();
    bed.close();
  }

  private NodeProcess node(String id, String... more) throws Exception {
    PolicyStreamConfig to = plane.node("node-1");
    List<String> arguments = new ArrayList<>(List.of("--metrics-port", "0", "--kubernetes"));
    arguments.addAll(List.of("--node-name", "node-1", "--kubeconfig", kubeconfig.toString()));
    arguments.addAll(List.of("--control-plane", "localhost:" + to.port()));
    arguments.addAll(List.of("--plane-ca", to.planeCa().toString()));
    arguments.addAll(List.of("--token-file", to.tokenFile().toString()));
    arguments.addAll(List.of(more));
    return host.call(() -> place.start(id, arguments.toArray(String[]::new)));
  }

  private void awaitMode(NodeProcess node, String mode, String policy) throws Exception {
    assertThat(
            node.await(
                () -> {
                  JsonObject endpoint = endpoint();
                  return endpoint.has("mode")
                      && endpoint.get("mode").getAsString().equals(mode)
                      && endpoint.get("policy").getAsString().equals(policy);
                },
                LIMIT))
        .as("endpoint: %s; log: %s", endpoint(), node.err())
        .isTrue();
  }

  private JsonObject endpoint() {
    JsonObject status =
        JsonParser.parseString(
                new NodeClient(place.socket()).run(ExitCode.OK, "status", "-o", "json"))
            .getAsJsonObject();
    return status.getAsJsonArray("endpoints").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("name").getAsString().equals("pod:shop/web"))
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  /** A pod of node-1 that a policy accelerates. */
  private FactSink acceleratedPod() throws IOException {
    Pod web = bed.pod(Driver.SYSTEMD);
    server.pod(
        new PodObject(web.uid(), "shop", "web")
            .labels(Map.of("app", "web"))
            .owner("StatefulSet", "web"));
    FactSink sink = plane.core().sink();
    sink.accept(TestFacts.node("node-1", Map.of()));
    sink.accept(TestFacts.namespace("shop", Map.of()));
    sink.accept(TestFacts.pod(web.uid(), "shop", "node-1", "web"));
    sink.accept(TestFacts.acceleration("shop", "web", "accelerate"));
    sink.synced();
    return sink;
  }

  private String acknowledged() {
    return plane.core().distributor().state("node-1").map(NodeState::held).orElse("");
  }

  @Test
  void acknowledgement_ofAPolicy_comesWhenItIsInForce() throws Exception {
    FactSink sink = acceleratedPod();
    try (NodeProcess node = node("only")) {
      awaitMode(node, "accelerate", "Acceleration shop/web");
      for (int i = 0; i < CHANGES; i++) {
        String mode = i % 2 == 0 ? "observe" : "accelerate";
        String before = acknowledged();
        sink.accept(TestFacts.acceleration("shop", "web", mode));
        assertThat(node.await(() -> !acknowledged().equals(before), LIMIT))
            .as("acknowledged; log: %s", node.err())
            .isTrue();
        assertThat(endpoint().get("mode").getAsString()).as("after change %d", i).isEqualTo(mode);
      }
      node.stop();
      assertThat(node.err()).doesNotContain("refuse version");
    }
  }

  @Test
  void node_followsTheControlPlane_andKeepsItsPoliciesWithoutIt() throws Exception {
    FactSink sink = acceleratedPod();
    try (NodeProcess first = node("first", "--on-stop", "keep")) {
      awaitMode(first, "accelerate", "Acceleration shop/web");
      NodeState state = plane.core().distributor().state("node-1").orElseThrow();
      assertThat(state.capabilities().getKernel()).isEqualTo(System.getProperty("os.version"));
      assertThat(state.capabilities().getAttachList()).isNotEmpty();

      sink.accept(TestFacts.acceleration("shop", "web", "observe"));
      awaitMode(first, "observe", "Acceleration shop/web");
      sink.accept(TestFacts.acceleration("shop", "web", "accelerate"));
      awaitMode(first, "accelerate", "Acceleration shop/web");

      plane.stop();
      first.stop();
    }
    try (NodeProcess second = node("second")) {
      awaitMode(second, "accelerate", "Acceleration shop/web");
      assertThat(second.err()).contains("restored from the disk");
      second.stop();
    }
    assertThat(place.pins()).doesNotExist();
  }
}
