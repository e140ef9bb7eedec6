package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TotalsTest {
  @Test
  void plus_twoTotals_everyCounterAdded() {
    assertThat(Samples.totals(1).plus(Samples.totals(2))).isEqualTo(Samples.totals(3));
    assertThat(Totals.NONE.plus(Samples.totals(1))).isEqualTo(Samples.totals(1));
  }

  @Test
  void redirectedShare_nothingSent_zero() {
    assertThat(Traffic.NONE.redirectedShare()).isZero();
    assertThat(new Traffic(1, 75, 1, 25).redirectedShare()).isEqualTo(0.75);
  }
}
