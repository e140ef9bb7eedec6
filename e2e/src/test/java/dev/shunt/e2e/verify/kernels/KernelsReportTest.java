package dev.shunt.e2e.verify.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelsReportTest {
  private static final KernelRow GOOD =
      new KernelRow(
          "6.18.44",
          KernelRow.Place.HOST,
          40,
          List.of(new ProgramRow("pair", 42347, "")),
          Map.of("adopt", "tcx/ingress"),
          List.of(check("order", KernelRow.Check.Outcome.PASSED)),
          List.of(
              new CaseRow("pingpong", "v4", CaseRow.Expected.REDIRECTED, 7, List.of()),
              new CaseRow("pingpong", "v4", CaseRow.Expected.KEPT, 0, List.of())),
          List.of());

  private static final KernelRow BAD =
      new KernelRow(
          "6.1.0-56-amd64",
          KernelRow.Place.GUEST,
          90,
          List.of(new ProgramRow("pair", 0, "EINVAL: too complex")),
          Map.of("adopt", "clsact/ingress"),
          List.of(check("order", KernelRow.Check.Outcome.FAILED)),
          List.of(new CaseRow("half_close", "v6", CaseRow.Expected.REDIRECTED, 0, List.of())),
          List.of());

  private static KernelRow.Check check(String name, KernelRow.Check.Outcome outcome) {
    return new KernelRow.Check(name, outcome, KernelRow.Check.Need.REQUIRED, "detail of " + name);
  }

  @Test
  void passed_oneKernelFailed_isFalse() {
    assertThat(new KernelsReport(List.of(GOOD)).passed()).isTrue();
    assertThat(new KernelsReport(List.of(GOOD, BAD)).passed()).isFalse();
    assertThat(new KernelsReport(List.of()).passed()).isFalse();
  }

  @Test
  void text_twoKernels_alignsProgramsHooksAndFailures() {
    String text = new KernelsReport(List.of(GOOD, BAD)).text();

    assertThat(text)
        .contains("PROGRAM  6.18.44  6.1.0-56-amd64\npair       42347         refused\n")
        .contains("HOOK OF  6.18.44      6.1.0-56-amd64\nadopt    tcx/ingress  clsact/ingress\n")
        .contains("6.1.0-56-amd64: pair refused: EINVAL: too complex\n")
        .contains("6.1.0-56-amd64: self-test order: detail of order\n")
        .contains("6.1.0-56-amd64: half_close v6: nothing was redirected\n");
  }

  @Test
  void document_goodKernel_countsEverything() {
    assertThat(new KernelsReport(List.of(GOOD)).document()).containsEntry("passed", true);
  }

  @Test
  void page_failedGuest_claimsNoOldestKernel() {
    assertThat(KernelsPage.of(new KernelsReport(List.of(GOOD, BAD)), List.of()))
        .contains("No kernel but the host's passed.")
        .contains("./shunt verify kernels\n");
  }

  @Test
  void page_hostKernel_isNamedByItsVersion() {
    KernelRow host = GOOD.withRelease("6.18.44-builder-7");

    assertThat(KernelsPage.of(new KernelsReport(List.of(host)), List.of()))
        .contains("6.18.44 ")
        .doesNotContain("builder");
  }
}
