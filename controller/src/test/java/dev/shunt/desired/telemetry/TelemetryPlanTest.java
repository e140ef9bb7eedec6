package dev.shunt.desired.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryPlanTest {
  private static final Set<String> WATCHED = Set.of("host", "pod-a");
  private static final String EVERYWHERE = "";

  private static TelemetryPolicy policy(
      String name, String namespace, int priority, TelemetryModule... modules) {
    return new TelemetryPolicy(
        new PolicyName(PolicyKind.TELEMETRY, "default", name),
        namespace.equals(EVERYWHERE)
            ? HostSelector.EVERYTHING
            : new HostSelector(Optional.of(namespace), Optional.empty(), Optional.empty()),
        modules(modules),
        priority,
        new PolicyOrigin(Instant.MAX, "file", name.charAt(0)));
  }

  private static Map<TelemetryModule, Integer> modules(TelemetryModule... modules) {
    return Set.of(modules).stream().collect(Collectors.toMap(module -> module, module -> 100));
  }

  private static Map<TelemetryModule, Map<String, Integer>> plan(TelemetryPolicy... policies) {
    return TelemetryPlan.ofHost(List.of(policies), WATCHED).namespaces();
  }

  @Test
  void ofHost_noPolicy_nothingIsOn() {
    assertThat(plan()).isEmpty();
  }

  @Test
  void ofHost_selectorOfEverything_isOnWhereTheNodeWatches() {
    assertThat(plan(policy("a", EVERYWHERE, 0, TelemetryModule.RTT)))
        .isEqualTo(Map.of(TelemetryModule.RTT, Map.of("host", 100, "pod-a", 100)));
  }

  @Test
  void ofHost_namedNamespace_isOnThoughNobodyWatchesIt() {
    assertThat(plan(policy("a", "pod-b", 0, TelemetryModule.TLS)))
        .isEqualTo(Map.of(TelemetryModule.TLS, Map.of("pod-b", 100)));
  }

  @Test
  void ofHost_namedOverEverything_itsModulesAlone() {
    assertThat(
            plan(
                policy("a", EVERYWHERE, 9, TelemetryModule.CONNECT, TelemetryModule.RTT),
                policy("b", "pod-a", 0, TelemetryModule.RTT)))
        .isEqualTo(
            Map.of(
                TelemetryModule.CONNECT,
                Map.of("host", 100),
                TelemetryModule.RTT,
                Map.of("host", 100, "pod-a", 100)));
  }

  @Test
  void ofHost_noModules_switchesOff() {
    assertThat(plan(policy("a", EVERYWHERE, 0, TelemetryModule.JVM), policy("b", "pod-a", 0)))
        .isEqualTo(Map.of(TelemetryModule.JVM, Map.of("host", 100)));
  }

  /** Equally specific: the priority decides, then the place in the file. */
  @ParameterizedTest
  @CsvSource({"1, 0, CONNECT", "0, 1, RTT", "0, 0, CONNECT"})
  void ofHost_twoOfTheSameNamespace_oneDecides(int first, int second, TelemetryModule on) {
    TelemetryPolicy a = policy("a", "pod-a", first, TelemetryModule.CONNECT);
    TelemetryPolicy b = policy("b", "pod-a", second, TelemetryModule.RTT);

    assertThat(plan(a, b)).isEqualTo(Map.of(on, Map.of("pod-a", 100)));
    assertThat(plan(b, a)).isEqualTo(Map.of(on, Map.of("pod-a", 100)));
  }

  @Test
  void policy_shareOfAnotherModule_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TelemetryPolicy(
                    new PolicyName(PolicyKind.CLUSTER_TELEMETRY, "", "x"),
                    HostSelector.EVERYTHING,
                    Map.of(TelemetryModule.RTT, 50),
                    0,
                    new PolicyOrigin(Instant.MAX, "file", 1)))
        .withMessage("sampling: 50 of rtt");
  }
}
