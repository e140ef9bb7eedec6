package dev.shunt.reconcile;

import static dev.shunt.desired.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.DesiredState;
import dev.shunt.desired.EndpointFlag;
import dev.shunt.desired.EndpointIds;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.ModeOverride;
import dev.shunt.desired.Policies;
import dev.shunt.desired.Policy;
import dev.shunt.desired.PolicyCompiler;
import dev.shunt.desired.PolicySpec;
import dev.shunt.desired.PortRules;
import dev.shunt.desired.TraitEffect;
import dev.shunt.reconcile.PlanStep.WriteConfig;
import dev.shunt.reconcile.PlanStep.WriteEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final long HOST = 1;
  private static final long POD = 2;
  private static final EndpointRow DEFAULT =
      new EndpointRow(Mode.ACCELERATE, EndpointRules.EVERYTHING);
  private static final EndpointRules SAME_POD =
      new EndpointRules(Set.of(EndpointFlag.SAME_POD), PortRules.ALL);

  private final MemoryDatapath datapath = new MemoryDatapath();
  private final Reconciler reconciler = new Reconciler(datapath);

  @BeforeEach
  void nameThings() {
    datapath.netnsCookies.put("host", HOST);
    datapath.netnsCookies.put("pod", POD);
    datapath.cgroupIds.put("/web", 70L);
    datapath.executables.put("/bin/envoy", new ExecutableId(9, 3));
  }

  @Test
  void reconcile_freshDatapath_reachesDesiredAndRaisesCeilingLast() {
    ReconcileResult result = reconciler.reconcile(desired());

    assertThat(result.succeeded()).isTrue();
    assertThat(result.needsRetry()).isFalse();
    assertThat(datapath.endpoints).isEqualTo(Map.of(0, DEFAULT));
    assertThat(datapath.namespaces)
        .isEqualTo(
            Map.of(
                HOST, new NamespaceRow(0, Interception.NONE),
                POD, new NamespaceRow(0, Interception.NONE)));
    assertThat(datapath.config)
        .isEqualTo(new ConfigRow(Mode.ACCELERATE, 0, 0, PolicySpec.MIN_TURNS_DEFAULT));
    assertThat(result.applied().get(result.applied().size() - 1))
        .isEqualTo(new WriteConfig(datapath.config));
  }

  @Test
  void reconcile_again_writesNothing() {
    DesiredState desired = everyKind();
    reconciler.reconcile(desired);

    ReconcileResult again = reconciler.reconcile(desired);

    assertThat(again.applied()).isEmpty();
    assertThat(again.succeeded()).isTrue();
    assertThat(again.unchanged()).isEqualTo(4 + 2 + 2 + 1 + 1);
    assertThat(reconciler.plan(desired).text()).isEqualTo("nothing to do");
  }

  @Test
  void reconcile_everyKind_writesIds() {
    reconciler.reconcile(everyKind());

    assertThat(datapath.selectors)
        .isEqualTo(
            Map.of(
                new SelectorKey(POD, new WorkloadKey(70, 9, 3)), 2,
                new SelectorKey(0, new WorkloadKey(70, 0, 0)), 1));
    assertThat(datapath.config.selectorCombinations()).isEqualTo(1 << 7 | 1 << 2);
    assertThat(datapath.traits).isEqualTo(Map.of(new WorkloadKey(70, 9, 3), TraitEffect.EXEMPT));
    assertThat(datapath.namespaces.get(POD)).isEqualTo(new NamespaceRow(3, Interception.OUTBOUND));
  }

  @Test
  void reconcile_policiesRemoved_removesSelectorsBeforeEndpoints() {
    reconciler.reconcile(everyKind());
    datapath.afterWrite = ReconcilerTest::assertNothingDangles;

    ReconcileResult result = reconciler.reconcile(desired());

    assertThat(result.succeeded()).isTrue();
    assertThat(datapath.selectors).isEmpty();
    assertThat(datapath.traits).isEmpty();
    assertThat(datapath.endpoints).isEqualTo(Map.of(0, DEFAULT));
    assertThat(datapath.config.selectorCombinations()).isZero();
  }

  @Test
  void reconcile_policiesAdded_endpointsExistBeforeAnythingLeadsToThem() {
    datapath.afterWrite = ReconcilerTest::assertNothingDangles;

    assertThat(reconciler.reconcile(everyKind()).succeeded()).isTrue();
  }

  private static void assertNothingDangles(MemoryDatapath datapath) {
    assertThat(datapath.endpoints.keySet()).containsAll(datapath.selectors.values());
    assertThat(datapath.endpoints.keySet())
        .containsAll(datapath.namespaces.values().stream().map(NamespaceRow::endpointId).toList());
    if (datapath.config.mode() != Mode.OFF) {
      assertThat(datapath.endpoints).containsKey(datapath.config.defaultEndpointId());
    }
  }

  @Test
  void reconcile_overrideOff_lowersCeilingFirst() {
    reconciler.reconcile(desired());

    ReconcileResult result = reconciler.reconcile(desired(ModeOverride.OFF, List.of()));

    assertThat(result.applied().get(0))
        .isEqualTo(new WriteConfig(new ConfigRow(Mode.OFF, 0, 0, PolicySpec.MIN_TURNS_DEFAULT)));
    assertThat(datapath.endpoints.values()).extracting(EndpointRow::mode).containsOnly(Mode.OFF);
  }

  @Test
  void reconcile_overrideUndone_raisesEndpointsThenCeiling() {
    reconciler.reconcile(desired(ModeOverride.OFF, List.of()));

    ReconcileResult result = reconciler.reconcile(desired());

    assertThat(result.applied())
        .containsExactly(
            new WriteEndpoint(0, "default", DEFAULT),
            new WriteConfig(new ConfigRow(Mode.ACCELERATE, 0, 0, PolicySpec.MIN_TURNS_DEFAULT)));
  }

  @Test
  void reconcile_mixedChange_writesCommonPartFirst() {
    datapath.endpoints.put(1, new EndpointRow(Mode.OBSERVE, EndpointRules.EVERYTHING));
    datapath.endpoints.put(0, new EndpointRow(Mode.OBSERVE, EndpointRules.EVERYTHING));

    Plan plan = reconciler.plan(desired(policy("web").netns("pod")));

    assertThat(plan.narrowing())
        .contains(new WriteEndpoint(1, "default/web", new EndpointRow(Mode.OBSERVE, SAME_POD)));
    assertThat(plan.widening())
        .contains(new WriteEndpoint(1, "default/web", new EndpointRow(Mode.ACCELERATE, SAME_POD)));
  }

  @Test
  void reconcile_narrowingStepFails_holdsWideningAndRetries() {
    DesiredState desired = everyKind();
    datapath.refused = "selector";

    ReconcileResult result = reconciler.reconcile(desired);

    assertThat(result.failed()).hasSize(2);
    assertThat(result.failed().get(0).text())
        .isEqualTo(
            "write selector executable=/bin/envoy cgroup=/web netns=pod: endpoint 2: update map"
                + " selector failed: no space (ENOSPC/28); retry on the next pass");
    assertThat(result.held()).isNotEmpty();
    assertThat(result.needsRetry()).isTrue();
    assertThat(datapath.config.mode()).isEqualTo(Mode.OFF);

    datapath.refused = "";
    assertThat(reconciler.reconcile(desired).succeeded()).isTrue();
    assertThat(datapath.config.mode()).isEqualTo(Mode.ACCELERATE);
  }

  @Test
  void reconcile_rowsCannotBeRead_failsWithoutWriting() {
    datapath.refused = "read";

    ReconcileResult result = reconciler.reconcile(desired());

    assertThat(result.failed().get(0).text())
        .isEqualTo(
            "read the data path: look up map config failed: bad fd (EBADF/9); retry on the next"
                + " pass");
    assertThat(datapath.endpoints).isEmpty();
  }

  @Test
  void reconcile_nameDoesNotExist_pendingUntilItDoes() {
    datapath.cgroupIds.clear();
    DesiredState desired = desired(policy("web").cgroup("/web"));

    ReconcileResult result = reconciler.reconcile(desired);

    assertThat(result.succeeded()).isTrue();
    assertThat(result.needsRetry()).isTrue();
    assertThat(result.pending())
        .containsExactly(new PendingName("selector cgroup=/web", "cgroup /web"));
    assertThat(result.pending().get(0).text())
        .isEqualTo("selector cgroup=/web: cgroup /web does not exist yet");
    assertThat(datapath.selectors).isEmpty();

    datapath.cgroupIds.put("/web", 71L);
    assertThat(reconciler.reconcile(desired).needsRetry()).isFalse();
    assertThat(datapath.selectors).containsKey(new SelectorKey(0, new WorkloadKey(71, 0, 0)));
  }

  @Test
  void reconcile_everyNameMissing_everythingPending() {
    datapath.cgroupIds.clear();
    datapath.executables.clear();
    datapath.netnsCookies.remove("pod");

    ReconcileResult result = reconciler.reconcile(everyKind());

    assertThat(result.pending())
        .extracting(PendingName::missing)
        .contains("network namespace pod", "cgroup /web", "executable /bin/envoy");
    assertThat(datapath.selectors).isEmpty();
    assertThat(datapath.traits).isEmpty();
    assertThat(datapath.namespaces.keySet()).containsExactly(HOST);
  }

  @Test
  void reconcile_cgroupMadeAnew_replacesItsRow() {
    DesiredState desired = desired(policy("web").cgroup("/web"));
    reconciler.reconcile(desired);
    datapath.cgroupIds.put("/web", 99L);

    reconciler.reconcile(desired);

    assertThat(datapath.selectors)
        .isEqualTo(Map.of(new SelectorKey(0, new WorkloadKey(99, 0, 0)), 1));
  }

  @Test
  void reconcile_twoNamesOfOneNamespace_firstWins() {
    datapath.netnsCookies.put("pod", HOST);

    reconciler.reconcile(desired(policy("web").netns("pod").mode(Mode.OFF)));

    assertThat(datapath.namespaces).isEqualTo(Map.of(HOST, new NamespaceRow(0, Interception.NONE)));
  }

  @Test
  void reconcile_exemptionTurnsToForce_widensLate() {
    reconciler.reconcile(desired(policy("web").exempt("/bin/envoy")));

    Plan plan = reconciler.plan(desired(policy("web").force("/bin/envoy")));
    assertThat(plan.narrowing()).isEmpty();
    assertThat(plan.widening())
        .extracting(PlanStep::text)
        .containsExactly("write trait of /bin/envoy (cgroup=0 inode=9 device=3): FORCE");
  }

  @Test
  void reconcile_forcedRemoved_narrowsEarly() {
    reconciler.reconcile(desired(policy("web").force("/bin/envoy")));

    assertThat(reconciler.plan(desired(policy("web"))).narrowing())
        .containsExactly(new PlanStep.RemoveTrait(new WorkloadKey(0, 9, 3)));
  }

  @Test
  void reconcile_moreTurnsWanted_beforeCeilingFewerAfter() {
    reconciler.reconcile(desired(policy("web").minTurns(5)));

    assertThat(reconciler.plan(desired(policy("web").minTurns(9))).narrowing()).hasSize(1);
    Plan fewer = reconciler.plan(desired(policy("web").minTurns(2)));
    assertThat(fewer.narrowing()).isEmpty();
    assertThat(fewer.widening()).hasSize(1);
  }

  private DesiredState everyKind() {
    return desired(
        policy("a").cgroup("/web"),
        policy("b").cgroup("/web").netns("pod").executable("/bin/envoy").exempt("/bin/envoy"),
        policy("c").netns("pod").intercepted());
  }

  private static DesiredState desired(Policies... policies) {
    List<Policy> built = new ArrayList<>();
    for (Policies policy : policies) {
      built.add(policy.build());
    }
    return desired(ModeOverride.POLICY, built);
  }

  private static DesiredState desired(ModeOverride override, List<Policy> policies) {
    return PolicyCompiler.compile(policies, EndpointIds.empty(), Set.of("host", "pod"), override)
        .state();
  }
}
