package dev.shunt.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void of_oddCount_isTheMiddle() {
    assertThat(Median.of(List.of(9.0, 1.0, 2.0), x -> x)).isEqualTo(2.0);
  }

  @Test
  void of_evenCount_isTheMeanOfTheTwoMiddle() {
    assertThat(Median.of(List.of(4.0, 1.0, 2.0, 100.0), x -> x)).isEqualTo(3.0);
  }

  @Test
  void of_nothing_isRefused() {
    assertThatThrownBy(() -> Median.of(List.<Double>of(), x -> x))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
