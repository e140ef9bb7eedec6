package dev.shunt.e2e.verify.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults that are quick, with a real node and a real load; {@code shunt verify faults} has all. */
class FaultsIT {
  @TempDir private static Path directory;
  private static FaultBuilds builds;

  private final Teardown teardown = new Teardown();

  @BeforeAll
  static void buildPeers() {
    builds = new FaultBuilds(directory);
  }

  @AfterEach
  void removeAll() {
    teardown.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policy_malformed | not valid YAML",
        "state_full       | No space left on device; nothing changed",
        "pins_wiped       | new pins",
        "api_garbage      | ''",
        "memory_of_load   | ''",
        "neighbour_before | self-test passed",
      })
  void run_oneFault_noByteIsLostAndTheUserSeesWhy(String name, String message) {
    Fault fault =
        Faults.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();

    FaultRow row = Faults.run(fault, builds, teardown);

    assertThat(row.failure()).isEmpty();
    assertThat(row.outcome().message()).contains(message);
    assertThat(row.load().bytes()).isPositive();
    assertThat(row.load().mismatches() + row.load().errors()).isZero();
  }
}
