package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.BpfOwners;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.e2e.bench.Estimate;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traps and interrupts of a real process. */
class LeadMeterIT {
  /** Less than a mode switch takes on any machine, or more than it can take on a busy one. */
  private static final double NANOS_MIN = 10;

  private static final double NANOS_MAX = 1e6;

  private final Libbpf libbpf = new Libbpf();

  @TempDir private Path directory;

  private LeadCosts measure() {
    try (LeadMeter meter = LeadMeter.open(libbpf, directory)) {
      return meter.measure();
    }
  }

  private static Estimate of(LeadCosts costs, Lead lead) {
    return Optional.ofNullable(costs.nanos().get(lead)).orElseThrow();
  }

  @Test
  void leads_ofEachKind_takeTimeWithinReasonAndLeaveNothingBehind() {
    Set<Integer> before = BpfOwners.ownPrograms();

    LeadCosts costs = measure();

    assertThat(costs.refusal()).isEmpty();
    assertThat(costs.nanos()).containsOnlyKeys(Lead.USDT, Lead.ENTRY, Lead.RETURN, Lead.CLOCK);
    assertThat(costs.nanos())
        .allSatisfy(
            (lead, nanos) ->
                assertThat(nanos.median()).as("%s", lead).isBetween(NANOS_MIN, NANOS_MAX));
    assertThat(of(costs, Lead.USDT).low())
        .as("USDT is no slower than a step through a copy, of %s", costs)
        .isLessThan(of(costs, Lead.ENTRY).high());
    assertThat(BpfOwners.ownPrograms()).isEqualTo(before);
  }
}
