package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.SpeedCheck.Lane;
import dev.shunt.observe.SpeedCheck.Outcome;
import dev.shunt.observe.SpeedCheck.Speed;
import java.time.Duration;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class SpeedCheckTest {
  private static final int WINDOWS_MAX = 1_000;
  private static final double BYTES = 1e9;

  private SpeedCheck check = new SpeedCheck();
  private int windows;

  /** Runs a check to its end, with so many bytes a second by the way they go. */
  private Outcome run(ToDoubleFunction<Lane> bytesPerSecond) {
    Outcome outcome = Outcome.GOES_ON;
    for (windows = 0; outcome == Outcome.GOES_ON && windows < WINDOWS_MAX; windows++) {
      long bytes = (long) bytesPerSecond.applyAsDouble(check.lane());
      outcome = check.end(window(bytes, check.lane() == Lane.TCP ? 0 : bytes * 9 / 10));
    }
    return outcome;
  }

  private static Speed window(long bytes, long redirected) {
    return new Speed(Duration.ofSeconds(1), bytes, redirected, 0);
  }

  @Test
  void end_tcpIsFaster_isSlowerAfterAllTurnsWithTheFigures() {
    Outcome outcome = run(lane -> lane == Lane.TCP ? BYTES : BYTES * 0.8);

    assertThat(outcome).isEqualTo(Outcome.SLOWER);
    assertThat(windows).isEqualTo(1 + SpeedCheck.TURNS * 4);
    assertThat(check.detail()).contains("0.80 times the bytes", "over 6 turns");
  }

  @Test
  void end_tcpIsSlower_endsWithTheFirstTurn() {
    assertThat(run(lane -> lane == Lane.TCP ? BYTES * 0.6 : BYTES)).isEqualTo(Outcome.NOT_SLOWER);
    assertThat(windows).isEqualTo(3);
  }

  @Test
  void end_lossWithinTheMargin_isNone() {
    assertThat(run(lane -> lane == Lane.TCP ? BYTES * 1.09 : BYTES)).isEqualTo(Outcome.NOT_SLOWER);
  }

  @Test
  void end_oneTurnOfManyIsNotFaster_isNotSlower() {
    assertThat(run(lane -> lane == Lane.TCP && windows < 20 ? BYTES : BYTES * 0.8))
        .isEqualTo(Outcome.NOT_SLOWER);
    assertThat(windows).isGreaterThan(20);
  }

  @Test
  void end_hostBecomesFasterAllTheTime_isNotSlower() {
    assertThat(run(lane -> BYTES * Math.pow(1.2, windows))).isEqualTo(Outcome.NOT_SLOWER);
  }

  @Test
  void end_nothingMoves_isNotSlower() {
    assertThat(run(lane -> 0)).isEqualTo(Outcome.NOT_SLOWER);
  }

  @Test
  void end_connectionsAreNotBackYet_waitsForThem() {
    assertThat(check.end(window(1_000, 900))).isEqualTo(Outcome.GOES_ON);
    check.end(window(1_000, 500));
    assertThat(check.end(window(2_000, 0))).isEqualTo(Outcome.GOES_ON);
    check.end(window(1_000, 500));

    assertThat(check.end(window(1_000, 500))).isEqualTo(Outcome.GOES_ON);
    assertThat(check.lane()).isEqualTo(Lane.ACCELERATED);
    assertThat(check.end(window(1_000, 900))).isEqualTo(Outcome.GOES_ON);
    assertThat(check.lane()).isEqualTo(Lane.TCP);
  }

  @Test
  void end_connectionsNeverComeBack_tellsNothing() {
    check.end(window(1_000, 900));
    check.end(window(1_000, 500));
    check.end(window(2_000, 0));
    Outcome outcome = Outcome.GOES_ON;
    for (int i = 0; outcome == Outcome.GOES_ON && i < WINDOWS_MAX; i++) {
      outcome = check.end(window(1_000, 500));
    }

    assertThat(outcome).isEqualTo(Outcome.NOT_SLOWER);
  }

  @Test
  void end_manyShortConnections_countsThem() {
    Outcome outcome = Outcome.GOES_ON;
    while (outcome == Outcome.GOES_ON) {
      long connections = check.lane() == Lane.TCP ? 1_000 : 850;
      outcome = check.end(new Speed(Duration.ofSeconds(2), 5_000, 0, connections));
    }

    assertThat(outcome).isEqualTo(Outcome.SLOWER);
    assertThat(check.detail()).contains("0.85 times the connections");
  }

  /** Windows that differ by a third from each other, at random: one check in 1,716 may be wrong. */
  @Test
  void end_nothingButNoise_isHardlyEverSlower() {
    Random random = new Random(42);
    int wrong = 0;
    for (int i = 0; i < 20_000; i++) {
      check = new SpeedCheck();
      if (run(lane -> BYTES * Math.exp(random.nextGaussian() / 3)) == Outcome.SLOWER) {
        wrong++;
      }
    }

    assertThat(wrong).isLessThanOrEqualTo(20_000 / 1_716);
  }

  /** As loud a noise, on what acceleration makes faster by a third. */
  @Test
  void end_noiseOnAGain_isNeverSlower() {
    Random random = new Random(43);
    for (int i = 0; i < 20_000; i++) {
      check = new SpeedCheck();
      Outcome outcome =
          run(
              lane ->
                  (lane == Lane.TCP ? BYTES * 0.75 : BYTES) * Math.exp(random.nextGaussian() / 3));
      assertThat(outcome).isEqualTo(Outcome.NOT_SLOWER);
    }
  }
}
