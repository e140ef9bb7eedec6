package dev.shunt.e2e.bench.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.libbpf.ProgramUsage;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountedSliceTest {
  private static CountedSlice.Program program(String type, long nanos, long runs) {
    return new CountedSlice.Program("sees", type, new ProgramUsage(nanos, runs));
  }

  @Test
  void programs_several_areSummedWithoutTheReadsOfTheClock() {
    CountedSlice slice =
        new CountedSlice(
            1000, 40, List.of(program("tracing", 300_000, 3000), program("tracing", 90_000, 1000)));

    assertThat(slice.runsPerRequest()).isEqualTo(4);
    assertThat(slice.microsPerRequest()).isEqualTo(0.23);
    assertThat(slice.nanosPerRun()).isEqualTo(57.5);
    assertThat(slice.hasTraps()).isFalse();
  }

  @Test
  void program_cheaperThanAnEmptyOne_costsNothingAndMakesNoOtherCheaper() {
    CountedSlice slice =
        new CountedSlice(
            1000, 40, List.of(program("tracing", 39_000, 1000), program("kprobe", 140_000, 1000)));

    assertThat(slice.microsPerRequest()).isEqualTo(0.1);
    assertThat(slice.hasTraps()).isTrue();
  }

  @Test
  void programs_neverRun_costNothing() {
    CountedSlice slice = new CountedSlice(1000, 40, List.of(program("tracing", 0, 0)));

    assertThat(slice.microsPerRequest()).isZero();
    assertThat(slice.nanosPerRun()).isZero();
  }
}
