package dev.shunt.datapath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbePointTest {
  @Test
  void of_programsAsTheKernelNamesThem_isWhereTheyAreAttached() {
    assertThat(ProbePoint.of("tls_handshake_b")).contains(ProbePoint.ENTRY);
    assertThat(ProbePoint.of("tls_handshake_e")).contains(ProbePoint.RETURN);
    assertThat(ProbePoint.of("http_tls_end")).contains(ProbePoint.RETURN);
    assertThat(ProbePoint.of("jvm_pause_end")).contains(ProbePoint.USDT);
  }

  @Test
  void of_programsElsewhere_isEmpty() {
    assertThat(ProbePoint.of("tls_sys_read_en")).isEmpty();
    assertThat(ProbePoint.of("profile_clock")).isEmpty();
    assertThat(ProbePoint.of("")).isEmpty();
  }

  @Test
  void of_eachProbeOfEachModule_isNotHiddenByOneOfTheSameName() {
    List<CodeProbe> probes =
        Arrays.stream(TraceProgram.values()).flatMap(module -> module.probes().stream()).toList();
    assertThat(probes)
        .isNotEmpty()
        .allSatisfy(
            probe -> {
              String name = probe.program();
              assertThat(ProbePoint.of(name.substring(0, Math.min(15, name.length()))))
                  .contains(probe.point());
            });
  }

  /** What a return costs is what comes on top of an entry. */
  @Test
  void probes_atAReturn_haveOneAtTheEntryOfTheSameFunction() {
    for (TraceProgram module : TraceProgram.values()) {
      List<CodeProbe> probes = module.probes();
      assertThat(probes)
          .filteredOn(probe -> probe.point() == ProbePoint.RETURN)
          .allSatisfy(
              end ->
                  assertThat(probes)
                      .filteredOn(probe -> probe.point() == ProbePoint.ENTRY)
                      .extracting(CodeProbe::place)
                      .contains(end.place()));
    }
  }
}
