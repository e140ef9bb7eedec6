package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.e2e.bench.Estimate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountedSliceTest {
  private static final LeadCosts COSTS =
      new LeadCosts(
          Map.of(
              Lead.ENTRY, new Estimate(2000, 1800, 2500),
              Lead.RETURN, new Estimate(500, 400, 700),
              Lead.CLOCK, new Estimate(900, -100, 1500)),
          "");

  private static CountedSlice.Program program(String type, long nanos, long runs) {
    return program("sees", type, nanos, runs);
  }

  private static CountedSlice.Program program(String name, String type, long nanos, long runs) {
    return new CountedSlice.Program(name, type, new ProgramUsage(nanos, runs));
  }

  @Test
  void programs_several_areSummedWithoutTheReadsOfTheClock() {
    CountedSlice slice =
        new CountedSlice(
            1000, 40, List.of(program("tracing", 300_000, 3000), program("tracing", 90_000, 1000)));

    assertThat(slice.runsPerRequest()).isEqualTo(4);
    assertThat(slice.microsPerRequest()).isEqualTo(0.23);
    assertThat(slice.nanosPerRun()).isEqualTo(57.5);
    assertThat(slice.hasAllLeads(COSTS)).isTrue();
    assertThat(slice.leadMicrosPerRequest(COSTS, Estimate::high)).isZero();
  }

  @Test
  void program_cheaperThanAnEmptyOne_costsNothingAndMakesNoOtherCheaper() {
    CountedSlice slice =
        new CountedSlice(
            1000, 40, List.of(program("tracing", 39_000, 1000), program("kprobe", 140_000, 1000)));

    assertThat(slice.microsPerRequest()).isEqualTo(0.1);
    assertThat(slice.hasAllLeads(COSTS)).as("a trap of no module").isFalse();
  }

  @Test
  void leads_ofEntriesAndReturns_areSummedByTheirOwnCosts() {
    CountedSlice slice =
        new CountedSlice(
            1000,
            40,
            List.of(
                program("tls_handshake_b", "kprobe", 0, 1000),
                program("tls_data_end", "kprobe", 0, 2000),
                program("tls_sys_read_en", "tracepoint", 0, 9000)));

    assertThat(slice.leadMicrosPerRequest(COSTS, Estimate::median)).isEqualTo(3);
    assertThat(slice.leadMicrosPerRequest(COSTS, Estimate::low)).isEqualTo(2.6);
    assertThat(slice.leadMicrosPerRequest(COSTS, Estimate::high)).isEqualTo(3.9);
    assertThat(slice.hasAllLeads(COSTS)).isTrue();
    assertThat(slice.hasAllLeads(LeadCosts.none("refused"))).isFalse();
  }

  @Test
  void lead_thatMayBeNothingByItsInterval_isNotKnown() {
    CountedSlice slice =
        new CountedSlice(1000, 40, List.of(program("profile_clock", "perf_event", 0, 1000)));

    assertThat(slice.hasAllLeads(COSTS)).isFalse();
    assertThat(slice.leadMicrosPerRequest(COSTS, Estimate::median)).isZero();
    assertThat(COSTS.notes().get(0))
        .contains("a clock's interrupt 900 ns (-100 to 1500) which is too far apart to be used");
  }

  @Test
  void programs_neverRun_costNothing() {
    CountedSlice slice = new CountedSlice(1000, 40, List.of(program("tracing", 0, 0)));

    assertThat(slice.microsPerRequest()).isZero();
    assertThat(slice.nanosPerRun()).isZero();
  }
}
