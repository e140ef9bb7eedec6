package dev.shunt.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyKind;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.telemetry.TelemetryModule;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryFileTest {
  private static final String HEAD =
      "apiVersion: shunt.dev/v1alpha1\nkind: Telemetry\nmetadata: {name: web}\nspec: ";

  @Test
  void read_everyField_kept() throws Exception {
    assertThat(
            PolicyDocuments.readForHost(
                """
                apiVersion: shunt.dev/v1alpha1
                kind: ClusterTelemetry
                metadata: {name: web}
                spec:
                  hostSelector: {networkNamespace: pod-a}
                  modules:
                    - {name: http, sampling: 10}
                    - name: connect
                  priority: -7
                """,
                "it"))
        .containsExactly(
            new TelemetryPolicy(
                new PolicyName(PolicyKind.CLUSTER_TELEMETRY, "", "web"),
                new HostSelector(Optional.of("pod-a"), Optional.empty(), Optional.empty()),
                Map.of(TelemetryModule.HTTP, 10, TelemetryModule.CONNECT, 100),
                -7,
                new PolicyOrigin(Instant.MAX, "it", 1)));
  }

  @Test
  void read_ofACluster_selectsPods() throws Exception {
    PodPolicy policy =
        PolicyDocuments.read(
                HEAD + "{podSelector: {matchLabels: {app: web}}, modules: [{name: rtt}]}", "it")
            .get(0);

    assertThat(policy.scope().isEverything()).isFalse();
    assertThat(policy.policy()).isInstanceOf(TelemetryPolicy.class);
  }

  @Test
  void read_noModules_isAPolicyThatSwitchesOff() throws Exception {
    assertThat(PolicyDocuments.readForHost(HEAD + "{modules: []}", "it"))
        .singleElement()
        .satisfies(policy -> assertThat(((TelemetryPolicy) policy).modules()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                     | spec.modules: missing (expected: a list",
        "{modules: [{}]}                        | spec.modules[0].name: missing (expected: connect,",
        "{modules: [{name: dns}]}               | name: dns (expected: connect, states, rtt, fast",
        "{modules: [{name: rtt}, {name: rtt}]}  | spec.modules[1].name: rtt (expected: a module",
        "{modules: [{name: rtt, sampling: 50}]} | sampling: 50 (expected: only with the module http,",
        "{modules: [{name: http, sampling: 0}]} | spec.modules[0].sampling: 0 (expected: 1..100)",
        "{modules: [{name: http, sampling: x}]} | spec.modules[0].sampling: x (expected: 1..100)",
        "{modules: [{name: http, rate: 1}]}     | spec.modules[0].rate: unknown field (expected: name",
        "{modules: [], priority: 1000001}       | spec.priority: 1000001 (expected: -1000000..1000000",
        "{modules: [], podSelector: {}}         | spec.podSelector: needs Kubernetes; use hostSelector",
        "{modules: [], hostSelector: {cgroupPath: /a}} | unknown field (expected: networkNamespace",
      })
  void read_badSpec_saysFieldAndBound(String spec, String expected) {
    assertThatExceptionOfType(RefusedPolicyException.class)
        .isThrownBy(() -> PolicyDocuments.readForHost(HEAD + spec, "it"))
        .withMessageContaining(expected)
        .withMessageContaining("in Telemetry default/web");
  }
}
