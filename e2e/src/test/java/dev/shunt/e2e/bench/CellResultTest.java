package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellResultTest {
  @Test
  void ratios_ofSeveralRounds_areMediansAndOneOutlierChangesNothing() {
    CellResult result = Rounds.result("pingpong/1KB/1c", 0.5, 1.4, 1.5, 9.0, 1.6, 1.3);

    assertThat(result.rate().orElseThrow().median()).isCloseTo(1.5, within(1e-9));
    assertThat(result.p50().orElseThrow().median()).isCloseTo(1 / 1.5, within(1e-9));
    assertThat(result.cpu().orElseThrow().median()).isCloseTo(0.5, within(1e-9));
    assertThat(result.spread().orElseThrow()).isCloseTo((1.6 - 1.4) / 2, within(1e-9));
  }

  @Test
  void noise_plainRunsThatDiffer_isTheirMedianDistance() {
    List<Round> rounds =
        List.of(1.1, 0.8, 1.04).stream()
            .map(
                after ->
                    new Round(
                        Rounds.sample(1000, 1, 1), Rounds.sample(1000 * after, 1, 1), Map.of()))
            .toList();

    assertThat(new CellResult("c", Variant.SHUNT, rounds).noise(Sample::rate))
        .isCloseTo(0.1, within(1e-9));
  }

  @Test
  void noise_quietMachine_isNone() {
    assertThat(Rounds.result("c", 1, 1, 1).noise(Sample::rate)).isZero();
  }

  @Test
  void ratio_measureThatPlainTcpLacks_isAbsent() {
    Sample stream = new Sample(1e9, 0, 0, 100, List.of());
    Round round = new Round(stream, stream, Map.of(Variant.SHUNT, stream));
    CellResult result = new CellResult("stream/1KB/1c", Variant.SHUNT, List.of(round));

    assertThat(result.p50()).isEmpty();
    assertThat(result.rate()).contains(new Estimate(1, 1, 1));
    assertThat(result.cdf(Optional.empty())).isEmpty();
  }

  @Test
  void cdf_ofSeveralRounds_isTheMedianPointByPoint() {
    CellResult result = Rounds.result("c", 1, 1.0, 2.0, 4.0);

    assertThat(result.cdf(Optional.empty())).containsExactly(50.0, 100.0, 200.0);
    assertThat(result.cdf(Optional.of(Variant.SHUNT))).containsExactly(25.0, 50.0, 100.0);
  }
}
