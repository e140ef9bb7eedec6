package dev.shunt.desired.pod;

import static dev.shunt.desired.Policies.policy;
import static dev.shunt.desired.pod.Pods.forAll;
import static dev.shunt.desired.pod.Pods.forLabel;
import static dev.shunt.desired.pod.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.connect.Rules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodPoliciesTest {
  private static final PodFacts WEB =
      pod("default", "web-1").label("app", "web").deployment("web").build();

  private static PodPolicy cluster(String name, PodScope scope) {
    return new PodPolicy(policy(name).cluster().build(), scope);
  }

  private static PodScope nodes(Map<String, String> labels) {
    return new PodScope(
        LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, LabelSelector.of(labels), Canary.ALL);
  }

  private static PodScope namespaces(Map<String, String> labels) {
    return new PodScope(
        LabelSelector.EVERYTHING, LabelSelector.of(labels), LabelSelector.EVERYTHING, Canary.ALL);
  }

  private static PodScope canary(int percent) {
    return new PodScope(
        LabelSelector.EVERYTHING,
        LabelSelector.EVERYTHING,
        LabelSelector.EVERYTHING,
        new Canary(percent));
  }

  /** Who wins, against whom, because of what. */
  static Stream<Arguments> precedence() {
    PodPolicy selected = forLabel(policy("z").createdAt(9).build(), "app", "web");
    PodPolicy wide = forAll(policy("y").createdAt(8).build());
    PodPolicy part = cluster("x", canary(100 - 1));
    return Stream.of(
        arguments("pod selector over namespace", selected, forAll(policy("a").priority(9).build())),
        arguments("namespace over cluster selector", wide, cluster("a", canary(99))),
        arguments("cluster part over whole cluster", part, cluster("a", PodScope.EVERYTHING)),
        arguments(
            "pod selector over pod selector of the cluster",
            selected,
            cluster("a", PodScope.of(LabelSelector.of(Map.of("app", "web"))))),
        arguments(
            "priority over age",
            forAll(policy("z").priority(1).createdAt(9).build()),
            forAll(policy("a").createdAt(1).build())),
        arguments(
            "age over name",
            forAll(policy("z").createdAt(1).build()),
            forAll(policy("a").createdAt(2).build())),
        arguments(
            "name when all else is equal",
            forAll(policy("a").createdAt(1).build()),
            forAll(policy("b").createdAt(1).build())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("precedence")
  void decide_twoPolicies_oneWinsInWhateverOrder(String why, PodPolicy winner, PodPolicy loser) {
    for (List<PodPolicy> given : List.of(List.of(winner, loser), List.of(loser, winner))) {
      PodDecision decision = PodPolicies.of(given).decide(WEB, Pods.LABELS);

      assertThat(decision.acceleration()).as(why).contains((Policy) winner.policy());
      assertThat(decision.shadowed()).as(why).containsExactly((Policy) loser.policy());
    }
  }

  static Stream<Arguments> selections() {
    PodFacts gold = pod("shop", "a").build();
    return Stream.of(
        arguments("another namespace", forAll(policy("p").build()), gold, false),
        arguments("its namespace", forAll(policy("p").build()), WEB, true),
        arguments("its label", forLabel(policy("p").build(), "app", "web"), WEB, true),
        arguments("another label", forLabel(policy("p").build(), "app", "api"), WEB, false),
        arguments("any namespace", cluster("p", PodScope.EVERYTHING), gold, true),
        arguments("namespace label", cluster("p", namespaces(Map.of("tier", "gold"))), gold, true),
        arguments(
            "namespace without it",
            cluster("p", namespaces(Map.of("tier", "gold"))),
            pod("bank", "a").build(),
            false),
        arguments("node label", cluster("p", nodes(Map.of("disk", "ssd"))), gold, true),
        arguments("other node label", cluster("p", nodes(Map.of("disk", "hdd"))), gold, false),
        arguments("no canary", cluster("p", canary(0)), gold, false),
        arguments(
            "canary just above",
            cluster("p", canary(Canary.place("default", WEB.workload()) + 1)),
            WEB,
            true),
        arguments(
            "canary just below",
            cluster("p", canary(Canary.place("default", WEB.workload()))),
            WEB,
            false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("selections")
  void selects_scope_asDocumented(String why, PodPolicy policy, PodFacts pod, boolean expected) {
    assertThat(policy.selects(pod, Pods.LABELS)).as(why).isEqualTo(expected);
  }

  /** An absent label would meet NotIn and DoesNotExist: what is not known must not. */
  @Test
  void selects_labelsNotKnownYet_matchesNothingButEverything() {
    LabelSelector absent =
        new LabelSelector(
            Map.of(),
            List.of(
                new LabelRequirement("x", LabelRequirement.Operator.DOES_NOT_EXIST, List.of())));
    PodScope namespaces =
        new PodScope(LabelSelector.EVERYTHING, absent, LabelSelector.EVERYTHING, Canary.ALL);
    PodScope nodes =
        new PodScope(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, absent, Canary.ALL);

    assertThat(cluster("p", namespaces).selects(WEB, Labels.UNKNOWN)).isFalse();
    assertThat(cluster("p", nodes).selects(WEB, Labels.UNKNOWN)).isFalse();
    assertThat(cluster("p", nodes).selects(WEB, Pods.LABELS)).isTrue();
    assertThat(cluster("p", PodScope.EVERYTHING).selects(WEB, Labels.UNKNOWN)).isTrue();
  }

  @Test
  void decide_nothingSelects_nothingIsInForce() {
    PodDecision decision = PodPolicies.of(List.of()).decide(WEB, Pods.LABELS);

    assertThat(decision.acceleration()).isEmpty();
    assertThat(decision.shadowed()).isEmpty();
  }

  @Test
  void decide_kindsThatAddUp_allHoldBesideTheAcceleration() {
    ConnectRule rule =
        new ConnectRule(
            "r", ConnectAction.DENY, Optional.empty(), List.of(), ConnectTarget.ANYWHERE);
    PodPolicy one = connect("one", rule);
    PodPolicy two = connect("two", rule);
    PodPolicy acceleration = forAll(policy("p").build());
    List<PodPolicy> given = new ArrayList<>(List.of(one, acceleration, two));
    Collections.reverse(given);

    PodDecision decision = PodPolicies.of(given).decide(WEB, Pods.LABELS);

    assertThat(decision.connects()).extracting(p -> p.name().name()).containsExactly("one", "two");
    assertThat(decision.acceleration()).map(NamedPolicy::name).map(PolicyName::name).contains("p");
    assertThat(decision.shadowed()).isEmpty();
  }

  private static PodPolicy connect(String name, ConnectRule rule) {
    ConnectPolicy policy = Rules.policy(name, HostSelector.EVERYTHING, Rules.OPEN, rule);
    return new PodPolicy(policy, PodScope.EVERYTHING);
  }
}
