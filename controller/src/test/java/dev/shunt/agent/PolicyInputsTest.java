package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.ModeOverride;
import dev.shunt.ingest.file.PolicyDirectory;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.Mode;
import dev.shunt.observe.StandDown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyInputsTest {
  private static final String WEB = "default/web";

  @TempDir private Path state;
  @TempDir private Path policies;

  private PolicyInputs inputs;

  @BeforeEach
  void readPolicies() throws IOException {
    inputs = new PolicyInputs(state, Optional.empty());
    Files.writeString(
        policies.resolve("web.yaml"),
        """
        apiVersion: shunt.dev/v1alpha1
        kind: Acceleration
        metadata: {name: web}
        spec: {hostSelector: {networkNamespace: web}, mode: accelerate}
        """);
    inputs.policies(new PolicyDirectory(policies).load());
  }

  private Mode mode() {
    inputs.compile(Set.of("web"));
    return inputs.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals(WEB))
        .map(EndpointStatus::mode)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void compile_endpointOnItsTurnOnTcp_observesItUntilTheTurnEnds() {
    assertThat(mode()).isEqualTo(Mode.ACCELERATE);

    inputs.compared(Optional.of(WEB));
    assertThat(mode()).isEqualTo(Mode.OBSERVE);

    inputs.compared(Optional.empty());
    assertThat(mode()).isEqualTo(Mode.ACCELERATE);
  }

  @Test
  void compile_modeSetByHand_outranksTheTurn() {
    inputs.compared(Optional.of(WEB));
    inputs.override(ModeOverride.ACCELERATE);

    assertThat(mode()).isEqualTo(Mode.ACCELERATE);
    assertThat(inputs.comparable()).isEmpty();
  }

  @Test
  void comparable_stoodDown_isNot() {
    mode();
    assertThat(inputs.comparable()).extracting(EndpointStatus::name).contains(WEB);

    inputs.standDowns(
        List.of(
            new StandDown(WEB, StandDown.Cause.MOSTLY_BY_TCP, "", Instant.EPOCH, Instant.EPOCH)));

    assertThat(inputs.comparable()).extracting(EndpointStatus::name).doesNotContain(WEB);
  }
}
