package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedScheduleTest {
  private static final Duration INTERVAL = Duration.ofMinutes(10);
  private static final Duration WINDOW = Duration.ofSeconds(5);
  private static final Duration FIRST = INTERVAL.dividedBy(SpeedSchedule.FIRST_PART);

  private final SpeedSchedule schedule = new SpeedSchedule(INTERVAL);
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private long redirected;

  private void busyFor(Duration time, SpeedSchedule told) {
    Instant end = now.plus(time);
    while (now.isBefore(end)) {
      window(StandDownRules.MESSAGES_MIN, told);
    }
  }

  private void window(long messages, SpeedSchedule told) {
    redirected += messages;
    now = now.plus(WINDOW);
    Totals totals =
        new Totals(ConnectionTotals.NONE, new Traffic(redirected, 0, 0, 0), 0, List.of());
    StatsSnapshot base = Samples.stats(1);
    told.endWindow(
        new StatsSnapshot(
            base.time(),
            totals,
            List.of(new EndpointStats(1, "web", totals)),
            base.node(),
            base.maps()),
        now);
  }

  @Test
  void due_busyForAWhile_once() {
    busyFor(FIRST, schedule);
    assertThat(schedule.due(now)).isEmpty();
    busyFor(WINDOW.multipliedBy(2), schedule);
    assertThat(schedule.due(now)).contains("web");

    schedule.passed("web", now);

    assertThat(schedule.due(now)).isEmpty();
  }

  @Test
  void due_idleInBetween_waitsAnew() {
    busyFor(FIRST, schedule);
    window(StandDownRules.MESSAGES_MIN - 1, schedule);
    busyFor(FIRST, schedule);

    assertThat(schedule.due(now)).isEmpty();
  }

  @Test
  void due_passedAgainAndAgain_lessAndLessOften() {
    Duration wait = INTERVAL;
    for (int i = 0; i < 5; i++) {
      busyFor(FIRST.plus(WINDOW.multipliedBy(2)), schedule);
      schedule.passed("web", now);
      assertThat(schedule.due(now.plus(wait).minusMillis(1))).as("%s", wait).isEmpty();
      assertThat(schedule.due(now.plus(wait))).as("%s", wait).contains("web");
      now = now.plus(wait);
      wait = wait.multipliedBy(2);
      wait = wait.compareTo(Duration.ofHours(1)) < 0 ? wait : Duration.ofHours(1);
    }
  }

  @Test
  void due_failed_soonAfterItIsAcceleratedAgain() {
    busyFor(FIRST.plus(WINDOW.multipliedBy(2)), schedule);
    schedule.passed("web", now);
    schedule.failed("web");
    window(0, schedule);
    assertThat(schedule.due(now.plus(INTERVAL.multipliedBy(2)))).isEmpty();

    busyFor(FIRST.plus(WINDOW.multipliedBy(2)), schedule);

    assertThat(schedule.due(now)).contains("web");
  }

  @Test
  void due_noInterval_never() {
    SpeedSchedule never = new SpeedSchedule(Duration.ZERO);
    busyFor(INTERVAL, never);

    assertThat(never.due(now)).isEmpty();
  }
}
