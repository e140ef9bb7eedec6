package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.FionreadGuard;
import dev.shunt.selftest.SelfTestResult.Check;
import dev.shunt.selftest.SelfTestResult.Need;
import dev.shunt.selftest.SelfTestResult.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestResultTest {
  private static final Check ORDER = new Check("order", Outcome.PASSED, Need.REQUIRED, "");

  @Test
  void passed_nothingRan_isFalse() {
    assertThat(result().passed()).isFalse();
    assertThat(result().fionreadGuard()).isEqualTo(FionreadGuard.NEEDED);
  }

  @Test
  void passed_requiredCheckFailed_isFalse() {
    Check failed = new Check("redirect", Outcome.FAILED, Need.REQUIRED, "");

    assertThat(result(ORDER, failed).passed()).isFalse();
  }

  @Test
  void passed_onlyFionreadFailed_isTrueAndGuardNeeded() {
    SelfTestResult result = result(ORDER, fionread(Outcome.FAILED));

    assertThat(result.passed()).isTrue();
    assertThat(result.fionreadGuard()).isEqualTo(FionreadGuard.NEEDED);
  }

  @Test
  void fionreadGuard_fionreadPassed_isNotNeeded() {
    SelfTestResult result = result(ORDER, fionread(Outcome.PASSED));

    assertThat(result.passed()).isTrue();
    assertThat(result.fionreadGuard()).isEqualTo(FionreadGuard.NOT_NEEDED);
  }

  private static Check fionread(Outcome outcome) {
    return new Check("fionread", outcome, Need.OPTIONAL, "");
  }

  private static SelfTestResult result(Check... checks) {
    return new SelfTestResult(Instant.EPOCH, List.of(checks));
  }
}
