package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {
  /** Ranks as tables of the sign test have them, for 95 % and two sides. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "5, 1", "6, 1", "8, 1", "9, 2", "12, 3", "20, 6", "30, 10", "50, 18"})
  void of_someRatios_endsAtTheRankOfTheSignTest(int count, int rank) {
    List<Double> ratios = DoubleStream.iterate(count, x -> x - 1).limit(count).boxed().toList();

    Estimate estimate = Estimate.of(ratios).orElseThrow();

    assertThat(estimate).isEqualTo(new Estimate((count + 1) / 2.0, rank, count + 1 - rank));
  }

  @Test
  void of_noRatios_isEmpty() {
    assertThat(Estimate.of(List.of())).isEmpty();
  }
}
