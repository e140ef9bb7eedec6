package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviationsTest {
  @Test
  void explain_knownObservation_saysWhy() {
    assertThat(Deviations.explain("bad_buffer", List.of("send: EFAULT / 0")))
        .hasValueSatisfying(why -> assertThat(why).contains("EFAULT"));
  }

  @Test
  void explain_furtherObservation_empty() {
    assertThat(Deviations.explain("bad_buffer", List.of("send: EFAULT / 0", "recv: 1 / 2")))
        .isEmpty();
  }

  @Test
  void explain_caseWithoutDeviation_empty() {
    assertThat(Deviations.explain("pingpong", List.of("order_ok: true / false"))).isEmpty();
  }
}
