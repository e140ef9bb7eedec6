package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SweepPaceTest {
  private static final long START = -50; // the clock may begin anywhere

  @Test
  void sweeps_takeATwentiethOfTheTime() {
    SweepPace pace = new SweepPace(START);
    assertThat(pace.isDue(START)).isTrue();

    pace.swept(START, START + 10);
    assertThat(pace.isDue(START + 199)).isFalse();
    assertThat(pace.isDue(START + 200)).isTrue();
  }
}
