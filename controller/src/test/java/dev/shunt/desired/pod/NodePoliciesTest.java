package dev.shunt.desired.pod;

import static dev.shunt.desired.Policies.policy;
import static dev.shunt.desired.pod.Pods.forAll;
import static dev.shunt.desired.pod.Pods.forLabel;
import static dev.shunt.desired.pod.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.telemetry.TelemetryModule;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodePoliciesTest {
  private static final PodFacts WEB = pod("default", "web-1").label("app", "web").build();
  private static final PodFacts OTHER = pod("default", "db-1").label("app", "db").build();
  private static final PodPolicy FOR_WEB = forLabel(policy("web").build(), "app", "web");

  private static NodePolicies decided(List<PodPolicy> policies, PodFacts... pods) {
    return decided(Pods.LABELS, policies, pods);
  }

  private static NodePolicies decided(Labels labels, List<PodPolicy> policies, PodFacts... pods) {
    return NodePolicies.of(
        "node-1",
        List.of(pods).stream().map(pod -> new PlacedPod(pod, PodPlace.UNKNOWN)).toList(),
        PodPolicies.of(policies),
        labels,
        file -> false);
  }

  @Test
  void governsAnew_podThatComesOrGoes_changesNothingForTheOthers() {
    NodePolicies one = decided(List.of(FOR_WEB), WEB);
    NodePolicies two = decided(List.of(FOR_WEB), WEB, OTHER);

    assertThat(two.governsAnew(one)).isFalse();
    assertThat(one.governsAnew(two)).isFalse();
    assertThat(one.governsAnew(NodePolicies.NOTHING)).isFalse();
  }

  @Test
  void governsAnew_policyOfAKnownPod_isSeen() {
    NodePolicies before = decided(List.of(FOR_WEB), WEB, OTHER);

    assertThat(decided(List.of(), WEB, OTHER).governsAnew(before)).isTrue();
    assertThat(
            decided(List.of(FOR_WEB, forAll(policy("all").build())), WEB, OTHER)
                .governsAnew(before))
        .isTrue();
  }

  @Test
  void governsAnew_labelOfAKnownPod_isSeen() {
    NodePolicies before = decided(List.of(FOR_WEB), WEB);

    PodFacts relabelled = pod("default", "web-1").label("app", "old").build();
    assertThat(decided(List.of(FOR_WEB), relabelled).governsAnew(before)).isTrue();
  }

  @Test
  void governsAnew_policyOfNoKnownPod_changesNothing() {
    NodePolicies before = decided(List.of(FOR_WEB), WEB);

    PodPolicy elsewhere = forLabel(policy("bank").build(), "app", "bank");
    assertThat(decided(List.of(FOR_WEB, elsewhere), WEB).governsAnew(before)).isFalse();
    assertThat(decided(new Labels(Map.of(), Map.of()), List.of(FOR_WEB), WEB).governsAnew(before))
        .isFalse();
  }

  /** Old layouts cannot be told of policies: their connections would go back to TCP. */
  @Test
  void governsAnew_policyThatIsNotAboutConnections_changesNothing() {
    NodePolicies before = decided(List.of(FOR_WEB), WEB);

    PodPolicy telemetry = telemetry(forAll(policy("all").build()), TelemetryModule.HTTP);
    assertThat(decided(List.of(FOR_WEB, telemetry), WEB).governsAnew(before)).isFalse();
    assertThat(before.governsAnew(decided(List.of(FOR_WEB, telemetry), WEB))).isFalse();
  }

  private static PodPolicy telemetry(PodPolicy shape, TelemetryModule... modules) {
    Map<TelemetryModule, Integer> on =
        Stream.of(modules).collect(Collectors.toMap(module -> module, module -> 100));
    PolicyName name = shape.name();
    return new PodPolicy(
        new TelemetryPolicy(
            new PolicyName(PolicyKind.TELEMETRY, name.namespace(), name.name()),
            HostSelector.EVERYTHING,
            on,
            shape.priority(),
            shape.origin()),
        shape.scope());
  }

  @Test
  void telemetry_policyOfSomePodsOverThatOfAll_decidesAlone() {
    PodPolicy all = telemetry(forAll(policy("all").priority(9).build()), TelemetryModule.CONNECT);
    PodPolicy web = telemetry(FOR_WEB, TelemetryModule.HTTP);
    NodePolicies decided = decided(List.of(all, web, FOR_WEB), WEB, OTHER);

    assertThat(decided.telemetry().namespaces())
        .isEqualTo(
            Map.of(
                TelemetryModule.CONNECT,
                Map.of(OTHER.id().key(), 100),
                TelemetryModule.HTTP,
                Map.of(WEB.id().key(), 100)));
    assertThat(decided.pods().get(1).decision().acceleration()).contains((Policy) FOR_WEB.policy());
    assertThat(decided.remarks()).isEmpty();
  }

  @Test
  void telemetry_podOnTheNodesNetwork_isLeftOutAndToldOf() {
    PodFacts onHost = pod("default", "web-1").label("app", "web").hostNetwork().build();
    NodePolicies decided = decided(List.of(telemetry(FOR_WEB, TelemetryModule.RTT)), onHost);

    assertThat(decided.telemetry().namespaces()).isEmpty();
    assertThat(decided.remarks())
        .containsExactly(
            "Telemetry default/web has no effect on pod default/web-1: it uses the node's network");
  }
}
