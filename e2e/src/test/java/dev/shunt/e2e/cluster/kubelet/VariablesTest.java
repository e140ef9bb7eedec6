package dev.shunt.e2e.cluster.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
  private static final Map<String, String> KNOWN = Map.of("NODE", "node-a", "COST", "$5");

  @Test
  void expand_references_asKubernetesDoes() {
    assertThat(Variables.expand("--name=$(NODE)", KNOWN)).isEqualTo("--name=node-a");
    assertThat(Variables.expand("$(NODE)$(NODE)", KNOWN)).isEqualTo("node-anode-a");
    assertThat(Variables.expand("$(COST)", KNOWN)).isEqualTo("$5");
    assertThat(Variables.expand("$(UNKNOWN)", KNOWN)).isEqualTo("$(UNKNOWN)");
    assertThat(Variables.expand("$$(NODE)", KNOWN)).isEqualTo("$(NODE)");
    assertThat(Variables.expand("$NODE ${NODE} $", KNOWN)).isEqualTo("$NODE ${NODE} $");
  }
}
