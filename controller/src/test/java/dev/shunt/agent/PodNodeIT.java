package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.shunt.agent.PodBed.Driver;
import dev.shunt.agent.PodBed.Pod;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.NativeSocket;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.ingest.kubernetes.PodObject;
import dev.shunt.ingest.kubernetes.SmallApiServer;
import dev.shunt.selftest.CoveredPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of a cluster, with processes for pods and a small API server. */
class PodNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Map<String, String> WEB = Map.of("app", "web");
  private static final String POLICY =
      """
      apiVersion: shunt.dev/v1alpha1
      kind: ClusterAcceleration
      metadata: {name: mesh}
      spec:
        podSelector: {matchLabels: {app: web}}
        namespaceSelector: {matchLabels: {mesh: "on"}}
      """;

  @TempDir private Path home;

  private final String name = "pod-node-it-" + ProcessHandle.current().pid();
  private final Path pins = Path.of("/sys/fs/bpf", name);
  private final TestNetns host = new TestNetns();
  private PodBed bed;
  private SmallApiServer server;
  private Path kubeconfig;

  @BeforeEach
  void makePlace() throws Exception {
    bed = PodBed.open(name);
    Files.createDirectory(home.resolve("policies"));
    server = host.call(SmallApiServer::start);
    kubeconfig = server.kubeconfig(home.resolve("kubeconfig"));
    server.node("node-1", Map.of());
    server.namespace("shop", Map.of("mesh", "on"));
    server.namespace("bank", Map.of());
  }

  @AfterEach
  void removePlace() throws IOException {
    server.close();
    host.close();
    bed.close();
  }

  private NodeProcess node(String id, String... more) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--cgroup", bed.cgroup().toString()));
    arguments.addAll(List.of("--socket", socket(), "--pin-dir", pins.toString()));
    arguments.addAll(List.of("--state-dir", home.resolve("state").toString()));
    arguments.addAll(List.of("--policy-dir", home.resolve("policies").toString()));
    arguments.addAll(List.of("--metrics-port", "0", "--kubernetes", "--node-name", "node-1"));
    arguments.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    arguments.addAll(List.of(more));
    NodeProcess node = host.call(() -> NodeProcess.start(home, id, arguments));
    assertThat(node.await(() -> node.out().contains("shunt node ready: "), LIMIT))
        .as("ready; log: %s", node.err())
        .isTrue();
    return node;
  }

  private String socket() {
    return home.resolve("node.sock").toString();
  }

  private void policy(String text) throws IOException {
    Path fresh = Files.writeString(home.resolve("fresh"), text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, home.resolve("policies/p.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void serve(Pod pod, String namespace, String podName, Map<String, String> labels) {
    server.pod(
        new PodObject(pod.uid(), namespace, podName).labels(labels).owner("StatefulSet", podName));
  }

  private List<JsonObject> rows(String command, String list) {
    JsonObject document =
        JsonParser.parseString(
                new NodeClient(socket()).run(ExitCode.OK, command, "-o", "json", "--limit", "0"))
            .getAsJsonObject();
    return document.getAsJsonArray(list).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private JsonObject endpoint(String endpoint) {
    JsonObject status =
        JsonParser.parseString(new NodeClient(socket()).run(ExitCode.OK, "status", "-o", "json"))
            .getAsJsonObject();
    return status.getAsJsonArray("endpoints").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("name").getAsString().equals(endpoint))
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  /** Talks until both ends of a connection are as wanted. */
  private void talkUntil(
      NodeProcess node, NativeSocket client, NativeSocket server, Predicate<JsonObject> wanted)
      throws InterruptedException {
    int port = client.localAddress().getPort();
    assertThat(
            node.await(
                () -> {
                  CoveredPairs.talk(client, server, 3);
                  List<JsonObject> ends =
                      rows("connections", "connections").stream()
                          .filter(row -> isOn(row, port))
                          .toList();
                  return ends.size() == 2 && ends.stream().allMatch(wanted);
                },
                LIMIT))
        .as(
            "connection: %s; log: %s",
            rows("connections", "connections").stream().filter(row -> isOn(row, port)).toList(),
            node.err())
        .isTrue();
  }

  private static boolean isOn(JsonObject row, int port) {
    return row.get("local_port").getAsInt() == port || row.get("remote_port").getAsInt() == port;
  }

  private static Predicate<JsonObject> accelerated(String endpoint) {
    return row ->
        List.of("adopted", "joined").contains(row.get("step").getAsString())
            && row.get("reason").getAsString().equals("none")
            && row.get("endpoint").getAsString().equals(endpoint);
  }

  private static Predicate<JsonObject> observed(String endpoint) {
    return row ->
        row.get("reason").getAsString().equals("observe_mode")
            && row.get("endpoint").getAsString().equals(endpoint);
  }

  /** A connection of a pod that stays open. */
  private interface Talk {
    void with(NativeSocket client, NativeSocket server) throws Exception;
  }

  private static void inPod(Pod pod, Talk talk) {
    pod.inNetwork(
        () -> {
          CoveredPairs.connection((client, server) -> unchecked(talk, client, server));
          return pod;
        });
  }

  private static void unchecked(Talk talk, NativeSocket client, NativeSocket server) {
    try {
      talk.with(client, server);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void policy_ofPods_isFollowedOnLiveConnections() throws Exception {
    Pod web = bed.pod(Driver.SYSTEMD);
    Pod db = bed.pod(Driver.CGROUPFS);
    serve(web, "shop", "web", WEB);
    serve(db, "shop", "db", Map.of("app", "db"));
    policy(POLICY);
    try (NodeProcess node = node("node")) {
      inPod(
          web,
          (client, peer) -> {
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            assertThat(endpoint("pod:shop/web").get("policy").getAsString())
                .isEqualTo("ClusterAcceleration mesh");
            assertThat(endpoint("pod:shop/web").get("workload").getAsString())
                .isEqualTo("StatefulSet/web");

            serve(web, "shop", "web", Map.of("app", "other"));
            talkUntil(node, client, peer, observed("pod:shop/web"));
            serve(web, "shop", "web", WEB);
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            server.namespace("shop", Map.of("mesh", "off"));
            talkUntil(node, client, peer, observed("pod:shop/web"));
            server.namespace("shop", Map.of("mesh", "on"));
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            Files.delete(home.resolve("policies/p.yaml"));
            talkUntil(node, client, peer, observed("pod:shop/web"));
          });
      policy(POLICY);
      inPod(db, (client, peer) -> talkUntil(node, client, peer, observed("pod:shop/db")));

      bed.stop(web);
      server.removePod("shop", "web");
      Pod again = bed.pod(Driver.SYSTEMD);
      inPod(
          again,
          (client, peer) -> { // opened before the API server, and so the node, knows the pod
            CoveredPairs.talk(client, peer, 20);
            serve(again, "shop", "web", WEB);
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
          });
      node.terminate();
      assertThat(node.awaitExit(LIMIT)).as("exit; log: %s", node.err()).isEqualTo(ExitCode.OK);
    }
    assertThat(pins).doesNotExist();
  }

  @Test
  void pod_onTheNodesNetwork_isSelectedByItsCgroup() throws Exception {
    Pod agent = bed.hostNetworkPod(Driver.CGROUPFS);
    server.pod(new PodObject(agent.uid(), "shop", "agent").labels(WEB).hostNetwork());
    policy(POLICY);
    try (NodeProcess node = node("node")) {
      host.call(
          () -> {
            agent.inCgroup(
                () ->
                    CoveredPairs.connection(
                        (client, peer) ->
                            unchecked(
                                (c, p) -> talkUntil(node, c, p, accelerated("pod:shop/agent")),
                                client,
                                peer)));
            CoveredPairs.connection(
                (client, peer) ->
                    unchecked((c, p) -> talkUntil(node, c, p, observed("default")), client, peer));
            return agent;
          });
    }
  }

  @Test
  void node_restartedWithoutApiServer_keepsWhatItKnew() throws Exception {
    Pod web = bed.pod(Driver.SYSTEMD);
    serve(web, "shop", "web", WEB);
    policy(POLICY);
    try (NodeProcess first = node("first", "--on-stop", "keep")) {
      inPod(
          web,
          (client, peer) -> {
            talkUntil(first, client, peer, accelerated("pod:shop/web"));
            first.terminate();
            assertThat(first.awaitExit(LIMIT)).isEqualTo(ExitCode.OK);
            server.refuse(503);
            try (NodeProcess second = node("second")) {
              talkUntil(second, client, peer, accelerated("pod:shop/web"));
              assertThat(new NodeClient(socket()).run(ExitCode.OK, "status"))
                  .contains("the API server answers 503");
              second.terminate();
              assertThat(second.awaitExit(LIMIT)).isEqualTo(ExitCode.OK);
            }
          });
    }
    assertThat(pins).doesNotExist();
  }
}
