package dev.shunt.agent;

import static dev.shunt.agent.PodNodeBed.LIMIT;
import static dev.shunt.agent.PodNodeBed.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.shunt.agent.PodBed.Driver;
import dev.shunt.agent.PodBed.Pod;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.NativeSocket;
import dev.shunt.ingest.kubernetes.PodObject;
import dev.shunt.selftest.CoveredPairs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node of a cluster, with processes for pods and a small API server. */
class PodNodeIT {
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

  private PodNodeBed bed;

  @BeforeEach
  void makePlace() throws Exception {
    bed = PodNodeBed.open(home, "pod-node-it");
  }

  @AfterEach
  void removePlace() throws Exception {
    bed.close();
  }

  private List<JsonObject> rows(String command, String list) {
    JsonObject document =
        JsonParser.parseString(
                new NodeClient(bed.socket())
                    .run(ExitCode.OK, command, "-o", "json", "--limit", "0"))
            .getAsJsonObject();
    return document.getAsJsonArray(list).asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private JsonObject endpoint(String endpoint) {
    JsonObject status =
        JsonParser.parseString(
                new NodeClient(bed.socket()).run(ExitCode.OK, "status", "-o", "json"))
            .getAsJsonObject();
    return status.getAsJsonArray("endpoints").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("name").getAsString().equals(endpoint))
        .findFirst()
        .orElseGet(JsonObject::new);
  }

  /** Whether the pod is found, and its policy in force. */
  private boolean knowsWeb() {
    String status = new NodeClient(bed.socket()).run(ExitCode.OK, "status", "-o", "json");
    boolean found =
        JsonParser.parseString(status)
            .getAsJsonObject()
            .getAsJsonArray("namespaces")
            .asList()
            .stream()
            .anyMatch(
                row -> row.getAsJsonObject().get("name").getAsString().equals("pod:shop/web"));
    return found && "accelerate".equals(mode("pod:shop/web"));
  }

  private String mode(String endpoint) {
    JsonElement mode = endpoint(endpoint).get("mode");
    return mode == null ? "" : mode.getAsString();
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
    Pod web = bed.pods().pod(Driver.SYSTEMD);
    Pod db = bed.pods().pod(Driver.CGROUPFS);
    bed.serve(web, "shop", "web", WEB);
    bed.serve(db, "shop", "db", Map.of("app", "db"));
    bed.policy(POLICY);
    try (NodeProcess node = bed.node("node")) {
      inPod(
          web,
          (client, peer) -> {
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            assertThat(endpoint("pod:shop/web").get("policy").getAsString())
                .isEqualTo("ClusterAcceleration mesh");
            assertThat(endpoint("pod:shop/web").get("workload").getAsString())
                .isEqualTo("StatefulSet/web");

            bed.serve(web, "shop", "web", Map.of("app", "other"));
            talkUntil(node, client, peer, observed("pod:shop/web"));
            bed.serve(web, "shop", "web", WEB);
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            bed.server().namespace("shop", Map.of("mesh", "off"));
            talkUntil(node, client, peer, observed("pod:shop/web"));
            bed.server().namespace("shop", Map.of("mesh", "on"));
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
            bed.removePolicy();
            talkUntil(node, client, peer, observed("pod:shop/web"));
          });
      bed.policy(POLICY);
      inPod(db, (client, peer) -> talkUntil(node, client, peer, observed("pod:shop/db")));

      bed.pods().stop(web);
      bed.server().removePod("shop", "web");
      Pod again = bed.pods().pod(Driver.SYSTEMD);
      inPod(
          again,
          (client, peer) -> { // opened before the API server, and so the node, knows the pod
            CoveredPairs.talk(client, peer, 20);
            bed.serve(again, "shop", "web", WEB);
            assertThat(node.await(this::knowsWeb, LIMIT)).as("log: %s", node.err()).isTrue();
            talkUntil(node, client, peer, accelerated("pod:shop/web"));
          });
      node.stop();
    }
    assertThat(bed.pins()).doesNotExist();
  }

  @Test
  void pod_onTheNodesNetwork_isSelectedByItsCgroup() throws Exception {
    Pod agent = bed.pods().hostNetworkPod(Driver.CGROUPFS);
    bed.server().pod(new PodObject(agent.uid(), "shop", "agent").labels(WEB).hostNetwork());
    bed.policy(POLICY);
    try (NodeProcess node = bed.node("node")) {
      bed.host()
          .call(
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
                        unchecked(
                            (c, p) -> talkUntil(node, c, p, observed("default")), client, peer));
                return agent;
              });
    }
  }

  @Test
  void node_restartedWithoutApiServer_keepsWhatItKnew() throws Exception {
    Pod web = bed.pods().pod(Driver.SYSTEMD);
    bed.serve(web, "shop", "web", WEB);
    bed.policy(POLICY);
    try (NodeProcess first = bed.node("first", "--on-stop", "keep")) {
      inPod(
          web,
          (client, peer) -> {
            talkUntil(first, client, peer, accelerated("pod:shop/web"));
            first.stop();
            bed.server().refuse(503);
            try (NodeProcess second = bed.node("second")) {
              talkUntil(second, client, peer, accelerated("pod:shop/web"));
              assertThat(new NodeClient(bed.socket()).run(ExitCode.OK, "status"))
                  .contains("the API server answers 503");
              second.stop();
            }
          });
    }
    assertThat(bed.pins()).doesNotExist();
  }
}
