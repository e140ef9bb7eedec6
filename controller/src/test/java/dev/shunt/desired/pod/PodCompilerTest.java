package dev.shunt.desired.pod;

import static dev.shunt.desired.Policies.policy;
import static dev.shunt.desired.pod.Pods.forAll;
import static dev.shunt.desired.pod.Pods.forLabel;
import static dev.shunt.desired.pod.Pods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.Compilation;
import dev.shunt.desired.DesiredEndpoint;
import dev.shunt.desired.DesiredNamespace;
import dev.shunt.desired.DesiredSelector;
import dev.shunt.desired.DesiredState;
import dev.shunt.desired.DesiredTrait;
import dev.shunt.desired.EndpointIds;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.HostSelector;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.ModeOverride;
import dev.shunt.desired.TraitEffect;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.connect.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodCompilerTest {
  private static final Set<String> WATCHED = Set.of("host", "pod:default/web", "pod:shop/api");

  private static NodePolicies policies(List<PlacedPod> pods, PodPolicy... policies) {
    return NodePolicies.of(
        "node-1",
        pods,
        PodPolicies.of(List.of(policies)),
        Pods.LABELS,
        path -> path.endsWith("/envoy"));
  }

  private static Compilation compile(List<PlacedPod> pods, PodPolicy... policies) {
    return PodCompiler.compile(
        policies(pods, policies), EndpointIds.empty(), WATCHED, ModeOverride.POLICY);
  }

  @Test
  void compile_noPolicy_observesEverything() {
    DesiredState state = compile(List.of(pod("default", "web").placed())).state();

    assertThat(state.mode()).isEqualTo(Mode.ACCELERATE);
    assertThat(state.endpoints())
        .containsExactly(
            new DesiredEndpoint(0, "default", "default", Mode.OBSERVE, EndpointRules.EVERYTHING),
            new DesiredEndpoint(
                1, "pod:default/web", "default", Mode.OBSERVE, EndpointRules.EVERYTHING));
    assertThat(state.namespaceEndpoints().keySet())
        .containsExactly("host", "pod:default/web", "pod:shop/api");
    assertThat(state.namespaceEndpoints())
        .containsEntry("pod:default/web", new DesiredNamespace(1, Interception.NONE))
        .containsEntry("pod:shop/api", new DesiredNamespace(0, Interception.NONE));
    assertThat(state.accelerates()).isFalse();
  }

  @Test
  void compile_selectedPod_acceleratesThatOneOnly() {
    DesiredState state =
        compile(
                List.of(
                    pod("default", "web").label("app", "web").placed(),
                    pod("shop", "api").label("app", "web").placed()),
                forLabel(policy("p").minTurns(7).build(), "app", "web"))
            .state();

    assertThat(state.endpoint(1).mode()).isEqualTo(Mode.ACCELERATE);
    assertThat(state.endpoint(1).policy()).isEqualTo("Acceleration default/p");
    assertThat(state.endpoint(2).mode()).isEqualTo(Mode.OBSERVE);
    assertThat(state.adoptTurns()).isEqualTo(7);
  }

  @Test
  void compile_override_outranksPolicies() {
    Compilation compiled =
        PodCompiler.compile(
            policies(
                List.of(pod("default", "web").placed()),
                forAll(policy("p").mode(Mode.OBSERVE).build())),
            EndpointIds.empty(),
            WATCHED,
            ModeOverride.OFF);

    assertThat(compiled.state().mode()).isEqualTo(Mode.OFF);
    assertThat(compiled.state().endpoints())
        .extracting(DesiredEndpoint::mode)
        .containsOnly(Mode.OFF);
  }

  @Test
  void compile_hostNetworkPod_isSelectedByItsCgroup() {
    DesiredState state =
        compile(List.of(pod("default", "web").hostNetwork().at("/kubepods/podx", "/r").placed()))
            .state();

    assertThat(state.selectors())
        .containsExactly(
            new DesiredSelector(
                new HostSelector(Optional.empty(), Optional.of("/kubepods/podx"), Optional.empty()),
                1));
    assertThat(state.namespaceEndpoints())
        .containsEntry("pod:default/web", new DesiredNamespace(0, Interception.NONE));
  }

  @Test
  void compile_hostNetworkPodWithoutCgroup_waitsForIt() {
    assertThat(compile(List.of(pod("default", "web").hostNetwork().placed())).state().selectors())
        .isEmpty();
  }

  @Test
  void compile_sidecar_saysThatOutboundIsIntercepted() {
    DesiredState recognised =
        compile(List.of(pod("default", "web").intercepted().placed())).state();
    DesiredState told =
        compile(List.of(pod("default", "web").placed()), forAll(policy("p").intercepted().build()))
            .state();

    for (DesiredState state : List.of(recognised, told)) {
      assertThat(state.namespaceEndpoints())
          .containsEntry("pod:default/web", new DesiredNamespace(1, Interception.OUTBOUND));
    }
  }

  @Test
  void compile_executables_areFilesOfTheContainersThatHaveThem() {
    DesiredState state =
        compile(
                List.of(pod("default", "web").at("/kubepods/podx", "/proc/7/root").placed()),
                forAll(policy("p").exempt("/bin/envoy").force("/bin/other").build()))
            .state();

    assertThat(state.traits())
        .containsExactly(
            new DesiredTrait(
                "/proc/7/root/bin/envoy",
                Optional.of("/kubepods/podx/container"),
                TraitEffect.EXEMPT));
  }

  @Test
  void compile_endedPod_hasNoEndpoint() {
    assertThat(compile(List.of(pod("default", "web").ended().placed())).state().endpoints())
        .hasSize(1);
  }

  @Test
  void compile_restartedPod_keepsItsEndpoint() {
    Compilation first =
        compile(List.of(pod("default", "web").placed(), pod("a", "first").placed()));
    Compilation second =
        PodCompiler.compile(
            policies(List.of(pod("default", "web").placed())),
            first.ids(),
            WATCHED,
            ModeOverride.POLICY);

    assertThat(second.state().endpoint(2).name()).isEqualTo("pod:default/web");
  }

  @Test
  void compile_tooManyPods_observesTheRest() {
    List<PlacedPod> pods =
        new ArrayList<>(
            IntStream.range(0, PodCompiler.PODS_MAX + 5)
                .mapToObj(i -> pod("default", "p%05d".formatted(i)).placed())
                .toList());

    DesiredState state = compile(pods, forAll(policy("p").build())).state();

    assertThat(state.endpoints()).hasSize(PodCompiler.PODS_MAX + 1);
    assertThat(state.endpoint(0).mode()).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void compile_policyThatWinsNowhere_isShadowed() {
    Compilation compiled =
        compile(
            List.of(pod("default", "web").label("app", "web").placed()),
            forAll(policy("wide").build()),
            forLabel(policy("narrow").build(), "app", "web"));

    assertThat(compiled.shadowed())
        .extracting(shadowed -> shadowed.policy().name() + " by " + shadowed.by().name())
        .containsExactly("wide by narrow");
  }

  @Test
  void connects_policy_holdsInTheCgroupsOfItsPods() {
    ConnectRule rule =
        new ConnectRule(
            "r",
            ConnectAction.DENY,
            Optional.empty(),
            List.of("/bin/envoy"),
            ConnectTarget.ANYWHERE);
    ConnectPolicy policy = Rules.policy("c", HostSelector.EVERYTHING, Rules.OPEN, rule);
    NodePolicies policies =
        policies(
            List.of(
                pod("default", "web").label("a", "b").at("/kubepods/podx", "/proc/7/root").placed(),
                pod("default", "api").at("/kubepods/pody", "/proc/8/root").placed()),
            new PodPolicy(policy, PodScope.of(LabelSelector.of(java.util.Map.of("a", "b")))));

    assertThat(policies.connects())
        .singleElement()
        .satisfies(
            connect -> {
              assertThat(connect.podCgroups()).containsExactly("/kubepods/podx");
              assertThat(connect.rules().get(0).executables())
                  .containsExactly("/proc/7/root/bin/envoy");
            });
  }

  @Test
  void connects_policyWithoutPods_isNotInForceAnywhere() {
    ConnectRule rule =
        new ConnectRule(
            "r", ConnectAction.DENY, Optional.empty(), List.of(), ConnectTarget.ANYWHERE);
    ConnectPolicy policy = Rules.policy("c", HostSelector.EVERYTHING, Rules.OPEN, rule);

    assertThat(
            policies(
                    List.of(pod("default", "web").at("/kubepods/podx", "/r").placed()),
                    new PodPolicy(
                        policy, PodScope.of(LabelSelector.of(java.util.Map.of("a", "b")))))
                .connects())
        .isEmpty();
  }
}
