package dev.shunt.cluster.status;

import static dev.shunt.cluster.TestFacts.acceleration;
import static dev.shunt.cluster.TestFacts.clusterAcceleration;
import static dev.shunt.cluster.TestFacts.noPod;
import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.cluster.TestFacts.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.ClusterFacts;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.watch.PolicyObject;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.v1.Counters;
import dev.shunt.v1.NackReason;
import dev.shunt.v1.NodeCapabilities;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusRulesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private final ClusterFacts facts = new ClusterFacts();
  private final Map<String, NodeState> states = new HashMap<>();

  @BeforeEach
  void twoNodes() {
    for (String name : List.of("a", "b")) {
      facts.apply(node(name, Map.of()));
      facts.apply(pod("pod-" + name, "shop", name, "web"));
      states.put(name, state(name, "v2", Optional.empty()));
    }
    facts.apply(acceleration("shop", "web", "accelerate"));
  }

  private static NodeState state(String node, String held, Optional<NodeState.Refusal> refusal) {
    return new NodeState(node, NOW, NodeCapabilities.getDefaultInstance(), "v2", held, refusal);
  }

  private PolicyStatus status(String key) {
    return status(key, Optional.empty());
  }

  private PolicyStatus status(String key, Optional<String> fault) {
    PolicyObject object =
        new PolicyObject(
            key,
            key.substring(0, key.indexOf(' ')),
            "shop",
            "web",
            "u1",
            4,
            fault,
            new JsonObject());
    PolicyReach reach =
        facts.policy(key).map(policy -> PolicyReach.of(facts, policy)).orElse(PolicyReach.NONE);
    Counters traffic = Counters.newBuilder().setBytesRedirected(870).setBytesPassed(130).build();
    return StatusRules.status(object, reach, states, traffic);
  }

  private static Condition condition(PolicyStatus status, String type) {
    return status.conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void status_allNodesHoldIt_programmed() {
    PolicyStatus status = status("Acceleration shop/web");

    assertThat(status.matchedPods()).isEqualTo(2);
    assertThat(status.nodes()).isEqualTo(new PolicyStatus.Nodes(2, 2, 0, ""));
    assertThat(status.share()).contains("87%");
    assertThat(condition(status, Condition.PROGRAMMED).holds()).isTrue();
    assertThat(condition(status, Condition.DEGRADED).holds()).isFalse();
  }

  @Test
  void status_nodeBehindOrAway_pending() {
    states.put("a", state("a", "v1", Optional.empty()));
    states.remove("b");

    Condition programmed = condition(status("Acceleration shop/web"), Condition.PROGRAMMED);

    assertThat(programmed.holds()).isFalse();
    assertThat(programmed.reason()).isEqualTo(StatusReason.PENDING);
    assertThat(programmed.message()).isEqualTo("2 of 2 nodes have not acknowledged it: a, b");
    assertThat(programmed.isBad()).isFalse();
  }

  @Test
  void status_nodeRefused_failedWithItsSentence() {
    states.put(
        "b",
        state(
            "b",
            "v1",
            Optional.of(
                new NodeState.Refusal("v2", NackReason.NACK_REASON_INVALID_POLICY, "bad port"))));

    PolicyStatus status = status("Acceleration shop/web");

    assertThat(status.nodes()).isEqualTo(new PolicyStatus.Nodes(2, 1, 1, "b: bad port"));
    assertThat(condition(status, Condition.DEGRADED).reason()).isEqualTo(StatusReason.REFUSED);
  }

  @Test
  void status_selectsNothing_saysSo() {
    facts.apply(acceleration("shop", "nobody", "off"));

    Condition degraded = condition(status("Acceleration shop/nobody"), Condition.DEGRADED);

    assertThat(degraded.reason()).isEqualTo(StatusReason.NO_PODS);
  }

  @Test
  void status_outrankedEverywhere_shadowed() {
    facts.apply(clusterAcceleration("default", "{\"mode\":\"observe\"}"));

    Condition degraded = condition(status("ClusterAcceleration default"), Condition.DEGRADED);

    assertThat(degraded.reason()).isEqualTo(StatusReason.SHADOWED);
    assertThat(degraded.message()).endsWith("outranks it: Acceleration shop/web");
  }

  @Test
  void status_youngerOfTwoThatContradict_contradicted() {
    Fact.Policy younger =
        policy(
            """
            {"apiVersion":"shunt.dev/v1alpha1","kind":"Acceleration",
            "metadata":{"name":"zoo","namespace":"shop"},
            "spec":{"podSelector":{"matchLabels":{"app":"web"}},"mode":"off"}}\
            """);
    facts.apply(younger);

    assertThat(condition(status("Acceleration shop/zoo"), Condition.DEGRADED).reason())
        .isEqualTo(StatusReason.CONTRADICTED);
    assertThat(condition(status("Acceleration shop/web"), Condition.DEGRADED).holds()).isFalse();
  }

  private static Fact.Policy telemetry(String name, String module, String selector) {
    return policy(
        """
        {"apiVersion":"shunt.dev/v1alpha1","kind":"Telemetry",
        "metadata":{"name":"%s","namespace":"shop"},
        "spec":{%s"modules":[{"name":"%s"}]}}\
        """
            .formatted(name, selector, module));
  }

  @Test
  void status_telemetryBesideAnAcceleration_eachDecidesOnItsOwn() {
    facts.apply(telemetry("web", "http", ""));

    PolicyStatus status = status("Telemetry shop/web");

    assertThat(status.matchedPods()).isEqualTo(2);
    assertThat(status.share()).as("of an Acceleration only").isEmpty();
    assertThat(condition(status, Condition.PROGRAMMED).holds()).isTrue();
    assertThat(condition(status, Condition.DEGRADED).holds()).isFalse();
    assertThat(condition(status("Acceleration shop/web"), Condition.DEGRADED).holds()).isFalse();
  }

  @Test
  void status_telemetryOutrankedOrContradicted_isToldAsOfAnyKind() {
    facts.apply(telemetry("a", "http", ""));
    facts.apply(telemetry("b", "tls", ""));
    assertThat(condition(status("Telemetry shop/b"), Condition.DEGRADED).reason())
        .isEqualTo(StatusReason.CONTRADICTED);

    facts.apply(telemetry("c", "rtt", "\"podSelector\":{\"matchLabels\":{\"app\":\"web\"}},"));
    Condition degraded = condition(status("Telemetry shop/a"), Condition.DEGRADED);
    assertThat(degraded.reason()).isEqualTo(StatusReason.SHADOWED);
    assertThat(degraded.message()).endsWith("outranks it: Telemetry shop/c");
  }

  /** A pod of the shop that uses the network of node a. */
  private void hostPod(String uid) {
    PodFacts own = pod(uid, "shop", "a", "web").facts().orElseThrow();
    facts.apply(
        new Fact.Pod(
            uid,
            Optional.of(
                new PodFacts(
                    own.id(),
                    own.node(),
                    own.labels(),
                    own.workload(),
                    PodNetwork.HOST,
                    own.phase(),
                    own.interception()))));
  }

  @Test
  void status_telemetryOfPodsOnTheNodesNetwork_saysThatItHasNoEffect() {
    facts.apply(telemetry("web", "http", ""));
    hostPod("pod-c");
    Condition partly = condition(status("Telemetry shop/web"), Condition.DEGRADED);
    assertThat(partly.holds()).isFalse();
    assertThat(partly.message())
        .isEqualTo(
            "it has no effect on 1 of its 3 pods, which use the node's network: shop/web-pod-c");
    assertThat(condition(status("Acceleration shop/web"), Condition.DEGRADED).message())
        .as("it does its work there")
        .isEqualTo("nothing is wrong with it");

    hostPod("pod-a");
    facts.apply(noPod("pod-b"));
    Condition degraded = condition(status("Telemetry shop/web"), Condition.DEGRADED);
    assertThat(degraded.holds()).isTrue();
    assertThat(degraded.reason()).isEqualTo(StatusReason.NO_EFFECT);
    assertThat(degraded.message()).contains("2 of its 2 pods");
  }

  @Test
  void status_badSpec_notAccepted() {
    Condition accepted =
        condition(
            status("Acceleration shop/gone", Optional.of("spec.mode: x (expected: off)")),
            Condition.ACCEPTED);

    assertThat(accepted.holds()).isFalse();
    assertThat(accepted.message()).isEqualTo("spec.mode: x (expected: off)");
  }

  @Test
  void json_sameAgain_changesNothing() {
    PolicyStatus status = status("Acceleration shop/web");
    JsonObject there = status.json(new JsonObject(), NOW);

    JsonObject later = status.json(there, NOW.plusSeconds(60));

    assertThat(StatusWriter.isThere(later, there)).isTrue();
    states.remove("a");
    JsonObject changed = status("Acceleration shop/web").json(there, NOW.plusSeconds(60));
    assertThat(StatusWriter.isThere(changed, there)).isFalse();
    assertThat(PolicyStatus.find(changed, Condition.PROGRAMMED).orElseThrow().toString())
        .contains("2026-03-01T10:01:00Z");
    assertThat(PolicyStatus.find(changed, Condition.ACCEPTED).orElseThrow().toString())
        .contains("2026-03-01T10:00:00Z");
  }
}
