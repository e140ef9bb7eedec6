package dev.shunt.cluster.compile;

import static dev.shunt.cluster.TestFacts.acceleration;
import static dev.shunt.cluster.TestFacts.clusterAcceleration;
import static dev.shunt.cluster.TestFacts.namespace;
import static dev.shunt.cluster.TestFacts.noPod;
import static dev.shunt.cluster.TestFacts.noPolicy;
import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PodAssignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which nodes a fact touches, and what they are told. */
class ClusterFactsTest {
  private final ClusterFacts facts = new ClusterFacts();
  private final SnapshotCompiler compiler = new SnapshotCompiler(facts);

  @BeforeEach
  void threeNodes() {
    for (String node : List.of("a", "b", "c")) {
      facts.apply(node(node, Map.of("zone", node)));
    }
    facts.apply(namespace("shop", Map.of("team", "web")));
    facts.apply(pod("1", "shop", "a", "front"));
    facts.apply(pod("2", "shop", "b", "back"));
    facts.apply(pod("3", "lab", "c", "front"));
  }

  @Test
  void pod_added_touchesItsNodeOnly() {
    assertThat(facts.apply(pod("4", "shop", "b", "front"))).containsExactly("b");
  }

  @Test
  void pod_same_touchesNothing() {
    assertThat(facts.apply(pod("1", "shop", "a", "front"))).isEmpty();
  }

  @Test
  void pod_movedOrGone_touchesWhereItWas() {
    assertThat(facts.apply(pod("1", "shop", "c", "front"))).containsExactlyInAnyOrder("a", "c");
    assertThat(facts.apply(noPod("1"))).containsExactly("c");
    assertThat(facts.podsOf("a")).isEmpty();
  }

  @Test
  void pod_withoutNode_touchesNothing() {
    assertThat(facts.apply(pod("5", "shop", "", "front"))).isEmpty();
    assertThat(facts.podCount()).isEqualTo(4);
  }

  @Test
  void policy_namespaced_touchesNodesWithSelectedPods() {
    assertThat(facts.apply(acceleration("shop", "front", "accelerate"))).containsExactly("a");
  }

  @Test
  void policy_selectorChanged_touchesNodesBeforeAndAfter() {
    facts.apply(
        clusterAcceleration("all", "{\"nodeSelector\":{\"matchLabels\":{\"zone\":\"a\"}}}"));

    assertThat(
            facts.apply(
                clusterAcceleration(
                    "all", "{\"nodeSelector\":{\"matchLabels\":{\"zone\":\"b\"}}}")))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void policy_deleted_touchesNodesThatHadIt() {
    facts.apply(acceleration("shop", "front", "accelerate"));

    assertThat(facts.apply(noPolicy("Acceleration shop/front"))).containsExactly("a");
    assertThat(compiler.compile("a").policies()).isEmpty();
  }

  @Test
  void namespace_labelsChanged_touchesNodesWithItsPods() {
    assertThat(facts.apply(namespace("shop", Map.of("team", "db"))))
        .containsExactlyInAnyOrder("a", "b");
    assertThat(facts.apply(namespace("shop", Map.of("team", "db")))).isEmpty();
  }

  @Test
  void compile_node_getsItsPodsAndTheirPoliciesOnly() {
    facts.apply(acceleration("shop", "front", "accelerate"));
    facts.apply(acceleration("lab", "front", "off"));
    facts.apply(clusterAcceleration("default", "{\"mode\":\"observe\"}"));

    NodeSnapshot snapshot = compiler.compile("a");

    assertThat(snapshot.policies().keySet())
        .containsExactly("Acceleration shop/front", "ClusterAcceleration default");
    assertThat(snapshot.pods().keySet()).containsExactly("1");
    assertThat(snapshot.pods().values())
        .flatExtracting(PodAssignment::policies)
        .containsExactly("Acceleration shop/front", "ClusterAcceleration default");
    assertThat(snapshot.namespaces()).containsOnlyKeys("shop");
    assertThat(snapshot.nodeLabels()).containsEntry("zone", "a");
  }

  @Test
  void compile_factsInAnyOrder_sameVersion() {
    List<Fact> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(pod("p" + i, i % 2 == 0 ? "shop" : "lab", "a", "app" + i % 5));
    }
    all.add(acceleration("shop", "app1", "accelerate"));
    all.add(acceleration("lab", "app2", "off"));
    all.add(clusterAcceleration("default", "{\"mode\":\"observe\"}"));
    all.add(namespace("lab", Map.of("x", "y")));
    all.add(node("a", Map.of("zone", "z")));
    String version = versionOf(all);
    Random random = new Random(7);
    for (int i = 0; i < 10; i++) {
      Collections.shuffle(all, random);
      assertThat(versionOf(all)).isEqualTo(version);
    }
  }

  private static String versionOf(List<Fact> all) {
    ClusterFacts fresh = new ClusterFacts();
    all.forEach(fresh::apply);
    return new SnapshotCompiler(fresh).compile("a").version();
  }

  @Test
  void compile_modeEdited_otherVersion() {
    facts.apply(acceleration("shop", "front", "accelerate"));
    String before = compiler.compile("a").version();
    String untouched = compiler.compile("b").version();

    facts.apply(acceleration("shop", "front", "observe"));

    assertThat(compiler.compile("a").version()).isNotEqualTo(before);
    assertThat(compiler.compile("b").version()).isEqualTo(untouched);
  }

  @Test
  void compile_policyEditedThatSelectsTheSame_podsAreNotDecidedAnew() {
    facts.apply(acceleration("shop", "front", "accelerate"));
    NodeSnapshot before = compiler.compile("a");

    facts.apply(acceleration("shop", "front", "observe"));
    facts.apply(namespace("shop", Map.of("team", "web")));
    facts.apply(node("a", Map.of("zone", "a")));

    assertThat(compiler.compile("a").pods()).isSameAs(before.pods());
  }

  @Test
  void namespaces_comeAndGoWithPodsAndPolicies_areForgotten() {
    for (int i = 0; i <= 2 * Revisions.NAMESPACES_MAX; i++) {
      String name = "job-" + i;
      facts.apply(acceleration(name, "front", "off"));
      facts.apply(pod("job", name, "a", "front"));
      facts.decide(facts.pod(name, "front-job").orElseThrow());
      facts.apply(noPod("job"));
      facts.apply(noPolicy("Acceleration " + name + "/front"));
      facts.decide(facts.pod("shop", "front-1").orElseThrow());
      facts.decide(podOf(name)); // one that was told of late
    }

    assertThat(facts.namespacesWithPolicies()).isLessThanOrEqualTo(Revisions.NAMESPACES_MAX);
  }

  private static PodFacts podOf(String namespace) {
    return pod("late", namespace, "a", "front").facts().orElseThrow();
  }

  /** What is remembered of a node must never show: each step is compared with a fresh compiler. */
  @Test
  void compile_afterAnyEdits_asFromTheFactsAlone() {
    Random random = new Random(11);
    for (int step = 0; step < 400; step++) {
      facts.apply(anything(random));
      for (String node : List.of("a", "b", "c")) {
        assertThat(compiler.compile(node))
            .as("step %d, node %s", step, node)
            .isEqualTo(new SnapshotCompiler(facts).compile(node));
      }
    }
  }

  private static Fact anything(Random random) {
    String namespace = random.nextBoolean() ? "shop" : "lab";
    String app = random.nextBoolean() ? "front" : "back";
    String node = List.of("a", "b", "c", "").get(random.nextInt(4));
    String uid = Integer.toString(random.nextInt(8));
    String zone = "{\"nodeSelector\":{\"matchLabels\":{\"zone\":\"%s\"}}}".formatted(node);
    return switch (random.nextInt(9)) {
      case 0 -> noPod(uid);
      case 1 -> acceleration(namespace, app, random.nextBoolean() ? "off" : "accelerate");
      case 2 -> noPolicy("Acceleration %s/%s".formatted(namespace, app));
      case 3 -> clusterAcceleration("default", random.nextBoolean() ? "{\"mode\":\"off\"}" : zone);
      case 4 -> noPolicy("ClusterAcceleration default");
      case 5 -> namespace(namespace, Map.of("team", app));
      case 6 -> new Fact.Namespace(namespace, Optional.empty());
      case 7 -> node("a", Map.of("zone", node));
      default -> pod(uid, namespace, node, app);
    };
  }
}
