package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.ingest.file.PolicyDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of files are news for connections that stand. */
class PolicyFingerprintTest {
  private static final String ACCELERATION =
      """
      apiVersion: shunt.dev/v1alpha1
      kind: Acceleration
      metadata: {name: web}
      spec: {hostSelector: {networkNamespace: web}, mode: accelerate}
      """;
  private static final String TELEMETRY =
      """
      apiVersion: shunt.dev/v1alpha1
      kind: Telemetry
      metadata: {name: seen}
      spec: {hostSelector: {networkNamespace: web}, modules: [{name: connect}]}
      """;
  private static final String MORE_TELEMETRY =
      TELEMETRY.replace("{name: connect}", "{name: connect}, {name: rtt}");

  @TempDir private Path state;
  @TempDir private Path policies;

  private PolicyInputs inputs;
  private PolicyDirectory directory;
  private String before = "";

  @BeforeEach
  void readPolicies() throws IOException {
    inputs = new PolicyInputs(state, Optional.empty());
    directory = new PolicyDirectory(policies);
    before = with("web.yaml", ACCELERATION);
  }

  /** The fingerprint once a file has this text. */
  private String with(String file, String text) throws IOException {
    Files.writeString(policies.resolve(file), text);
    inputs.policies(directory.load());
    return PolicyFingerprint.of(inputs);
  }

  /** Nodes of other versions have left theirs: a start compares it with its own. */
  @Test
  void of_accelerationOnly_isThatOfAllVersions() {
    assertThat(before).isEqualTo("9c0fb7989a1e");
  }

  @Test
  void of_fileOfTelemetry_isNoNews() throws IOException {
    assertThat(with("telemetry.yaml", TELEMETRY)).isEqualTo(before);
    assertThat(with("telemetry.yaml", MORE_TELEMETRY)).isEqualTo(before);
    assertThat(with("telemetry.yaml", TELEMETRY + "odd: 1\n")).as("refused").isEqualTo(before);
  }

  @Test
  void of_telemetryBesideOthers_isNoNews() throws IOException {
    String both = with("web.yaml", TELEMETRY + "---\n" + ACCELERATION);

    assertThat(with("web.yaml", MORE_TELEMETRY + "# more\n---\n" + ACCELERATION)).isEqualTo(both);
    assertThat(both).isEqualTo(before);
    assertThat(with("web.yaml", ACCELERATION + "--- # last\n" + TELEMETRY)).isEqualTo(both);
    assertThat(with("web.yaml", "# first\n---\n" + TELEMETRY + "---\n" + ACCELERATION))
        .isEqualTo(both);
  }

  @Test
  void of_otherAcceleration_isNews() throws IOException {
    assertThat(with("web.yaml", ACCELERATION.replace("mode: accelerate", "mode: observe")))
        .isNotEqualTo(before);
    String both = with("web.yaml", TELEMETRY + "---\n" + ACCELERATION);
    assertThat(
            with(
                "web.yaml",
                TELEMETRY + "---\n" + ACCELERATION.replace("mode: accelerate", "mode: observe")))
        .isNotEqualTo(both);
  }

  /** What it says is for another version to know. */
  @Test
  void of_fileThatWasNeverGood_isNews() throws IOException {
    assertThat(with("new.yaml", "kind: Unknown\n")).isNotEqualTo(before);
  }
}
