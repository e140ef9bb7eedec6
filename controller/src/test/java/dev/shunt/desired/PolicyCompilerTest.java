package dev.shunt.desired;

import static dev.shunt.desired.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyCompilerTest {
  private static final Set<String> WATCHED = Set.of("host", "pod-b", "pod-a");

  @Test
  void compile_noPolicy_acceleratesWatchedNamespaces() {
    DesiredState state = compile();

    assertThat(state.mode()).isEqualTo(Mode.ACCELERATE);
    assertThat(state.adoptTurns()).isEqualTo(PolicySpec.MIN_TURNS_DEFAULT);
    assertThat(state.endpoints())
        .containsExactly(
            new DesiredEndpoint(
                0, "default", "default", Mode.ACCELERATE, EndpointRules.EVERYTHING));
    assertThat(state.namespaceEndpoints().keySet()).containsExactly("host", "pod-a", "pod-b");
    assertThat(state.namespaceEndpoints().values())
        .containsOnly(new DesiredNamespace(0, Interception.NONE));
    assertThat(state.defaultEndpointId()).isZero();
    assertThat(state.selectors()).isEmpty();
    assertThat(state.traits()).isEmpty();
  }

  @Test
  void compile_somePolicy_observesWhatIsNotSelected() {
    DesiredState state = compile(policy("web").netns("pod-a"));

    assertThat(state.endpoint(0).mode()).isEqualTo(Mode.OBSERVE);
    assertThat(state.endpoint(1).mode()).isEqualTo(Mode.ACCELERATE);
    assertThat(state.endpoint(1).policy()).isEqualTo("Acceleration default/web");
    assertThat(endpointOf(state, "pod-a")).isEqualTo("default/web");
    assertThat(endpointOf(state, "pod-b")).isEqualTo("default");
    assertThat(state.defaultEndpointId()).isZero();
  }

  @Test
  void compile_policyForEverything_isTheDefaultEndpoint() {
    DesiredState state =
        compile(policy("all").cluster(), policy("web").netns("pod-a").mode(Mode.OFF));

    assertThat(state.endpoint(state.defaultEndpointId()).name()).isEqualTo("cluster:all");
    assertThat(endpointOf(state, "host")).isEqualTo("cluster:all");
    assertThat(endpointOf(state, "pod-a")).isEqualTo("default/web");
  }

  @Test
  void compile_namespaceNotWatched_isServedAllTheSame() {
    DesiredState state = compile(policy("web").netns("later").executable("/bin/x"));

    assertThat(state.namespaceEndpoints()).containsKey("later");
    assertThat(endpointOf(state, "later")).isEqualTo("default");
  }

  @Test
  void compile_workloadSelectors_mostSpecificFirst() {
    DesiredState state =
        compile(
            policy("g").netns("pod-a"),
            policy("f").cgroup("/a"),
            policy("e").cgroup("/a/b"),
            policy("d").cgroup("/a").netns("pod-a"),
            policy("c").executable("/x"),
            policy("b").executable("/x").netns("pod-a"),
            policy("a").executable("/x").cgroup("/a").netns("pod-a"),
            policy("ab").executable("/x").cgroup("/a"));

    assertThat(state.selectors())
        .extracting(selector -> state.endpoint(selector.endpointId()).name())
        .containsExactly(
            "default/a",
            "default/ab",
            "default/b",
            "default/c",
            "default/d",
            "default/e",
            "default/f");
  }

  @Test
  void compile_sameSelector_higherPriorityThenOlderThenFileWins() {
    assertWins(policy("a").priority(2), policy("b").priority(1).createdAt(1));
    assertWins(policy("a").createdAt(1), policy("b").createdAt(2).from("0.yaml", 1));
    assertWins(policy("a").createdAt(1), policy("b"));
    assertWins(policy("b").from("a.yaml", 9), policy("a").from("b.yaml", 1));
    assertWins(policy("b").from("a.yaml", 1), policy("a").from("a.yaml", 9));
    assertWins(policy("a"), policy("b").cluster().priority(9));
  }

  private static void assertWins(Policies winner, Policies loser) {
    Policy first = winner.netns("pod-a").build();
    Policy second = loser.netns("pod-a").build();
    for (List<Policy> order : List.of(List.of(first, second), List.of(second, first))) {
      Compilation compilation = compile(order, ModeOverride.POLICY);
      assertThat(endpointOf(compilation.state(), "pod-a")).isEqualTo(first.name().endpointName());
      assertThat(compilation.shadowed())
          .containsExactly(new ShadowedPolicy(second.name(), first.name()));
    }
  }

  @Test
  void compile_anyOrder_sameResult() {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      policies.add(policy("p" + i).cgroup("/c" + i % 7).priority(i % 3).build());
    }
    Compilation first = compile(policies, ModeOverride.POLICY);
    Collections.reverse(policies);

    assertThat(compile(policies, ModeOverride.POLICY)).isEqualTo(first);
  }

  @Test
  void compile_interception_holdsWhicheverPolicyWins() {
    DesiredState state =
        compile(
            policy("winner").netns("pod-a").priority(1),
            policy("loser").netns("pod-a").intercepted());

    assertThat(state.namespaceEndpoints().get("pod-a"))
        .isEqualTo(new DesiredNamespace(2, Interception.OUTBOUND));
    assertThat(state.namespaceEndpoints())
        .containsEntry("host", new DesiredNamespace(0, Interception.NONE));
  }

  @Test
  void or_interceptions_isTheOneThatAllowsMore() {
    assertThat(Interception.NONE.or(Interception.OUTBOUND)).isEqualTo(Interception.OUTBOUND);
    assertThat(Interception.TRANSLATED.or(Interception.OUTBOUND))
        .isEqualTo(Interception.TRANSLATED);
  }

  @Test
  void compile_interceptionOfAnyNamespace_holdsForAll() {
    DesiredState state = compile(policy("mesh").executable("/x").intercepted());

    assertThat(state.namespaceEndpoints().values())
        .extracting(DesiredNamespace::interception)
        .containsOnly(Interception.OUTBOUND);
  }

  @Test
  void compile_traits_higherRankedPolicyDecidesPerPlace() {
    DesiredState state =
        compile(
            policy("a").cgroup("/a").exempt("/x"),
            policy("b").cgroup("/a").netns("pod-a").force("/x"),
            policy("c").exempt("/y").force("/z"));

    assertThat(state.traits())
        .containsExactly(
            new DesiredTrait("/x", Optional.of("/a"), TraitEffect.FORCE),
            new DesiredTrait("/y", Optional.empty(), TraitEffect.EXEMPT),
            new DesiredTrait("/z", Optional.empty(), TraitEffect.FORCE));
  }

  @Test
  void compile_severalMinTurns_mostCarefulWins() {
    assertThat(compile(policy("a").minTurns(3).netns("a"), policy("b")).adoptTurns()).isEqualTo(3);
  }

  @Test
  void compile_includedPorts_setTheFlag() {
    DesiredState state = compile(policy("web").port(80));

    assertThat(state.endpoint(1).flags())
        .containsExactlyInAnyOrder(EndpointFlag.SAME_POD, EndpointFlag.PORTS_INCLUDE);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void compile_override_replacesEveryMode(Mode mode) {
    List<Policy> policies = new ArrayList<>();
    for (Mode own : Mode.values()) {
      policies.add(policy(own.text()).netns(own.text()).mode(own).build());
    }
    DesiredState state = compile(policies, ModeOverride.valueOf(mode.name())).state();

    assertThat(state.mode()).isEqualTo(mode);
    assertThat(state.endpoints()).hasSize(4).extracting(DesiredEndpoint::mode).containsOnly(mode);
  }

  @Test
  void compile_tooManyPolicies_refused() {
    List<Policy> policies =
        IntStream.range(0, 1023).mapToObj(i -> policy("p" + i).build()).toList();

    assertThat(compile(policies.subList(0, 1022), ModeOverride.POLICY).state().endpoints())
        .hasSize(1023);
    assertThatThrownBy(() -> compile(policies, ModeOverride.POLICY))
        .hasMessage("endpoints: 1023 (expected: at most 1022)");
  }

  @Test
  void compile_nameTwice_refused() {
    assertThatThrownBy(() -> compile(policy("a"), policy("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a name is used twice");
  }

  @Test
  void compile_keptIds_staySame() {
    EndpointIds kept = EndpointIds.of(Map.of("default/web", 7));
    List<Policy> policies = List.of(policy("api").build(), policy("web").build());
    Compilation compilation = PolicyCompiler.compile(policies, kept, WATCHED, ModeOverride.POLICY);

    assertThat(compilation.ids().asMap()).isEqualTo(Map.of("default/api", 1, "default/web", 7));
    assertThat(compilation.state().endpoint(7).name()).isEqualTo("default/web");
  }

  private static String endpointOf(DesiredState state, String namespace) {
    DesiredNamespace found =
        Optional.ofNullable(state.namespaceEndpoints().get(namespace)).orElseThrow();
    return state.endpoint(found.endpointId()).name();
  }

  private static DesiredState compile(Policies... policies) {
    List<Policy> built = new ArrayList<>();
    for (Policies policy : policies) {
      built.add(policy.build());
    }
    return compile(built, ModeOverride.POLICY).state();
  }

  private static Compilation compile(List<Policy> policies, ModeOverride override) {
    return PolicyCompiler.compile(policies, EndpointIds.empty(), WATCHED, override);
  }
}
