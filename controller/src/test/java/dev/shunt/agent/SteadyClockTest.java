package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");

  private long nanos = 7_000;

  @Test
  void instant_timePasses_followsWhateverTheWallClockDoes() {
    Clock clock = new SteadyClock(Clock.fixed(BEGIN, ZoneOffset.UTC), () -> nanos);
    assertThat(clock.instant()).isEqualTo(BEGIN);

    nanos += Duration.ofMinutes(5).toNanos();

    assertThat(clock.instant()).isEqualTo(BEGIN.plus(Duration.ofMinutes(5)));
  }
}
