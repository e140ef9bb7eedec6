package dev.shunt.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassScheduleTest {
  /** Near the overflow of nanoTime, where comparing times with {@code <} goes wrong. */
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

  private static final ReconcileResult SETTLED = result(List.of(), List.of());
  private static final ReconcileResult PENDING =
      result(List.of(), List.of(new PendingName("selector", "cgroup /web")));
  private static final ReconcileResult FAILED =
      result(List.of(new FailedStep("write", new IllegalStateException("no space"))), List.of());

  private final PassSchedule schedule = new PassSchedule(START);

  private static ReconcileResult result(List<FailedStep> failed, List<PendingName> pending) {
    return new ReconcileResult(List.of(), failed, List.of(), pending, 0);
  }

  private static long after(Duration time) {
    return START + time.toNanos();
  }

  @Test
  void isDue_fresh_atItsStart() {
    assertThat(schedule.isDue(START - 1)).isFalse();
    assertThat(schedule.isDue(START)).isTrue();
  }

  @Test
  void isDue_settled_onlyWhenTheIntervalIsOver() {
    assertThat(schedule.end(SETTLED, START)).isEqualTo(PassSchedule.SETTLED);

    assertThat(schedule.isDue(after(PassSchedule.SETTLED) - 1)).isFalse();
    assertThat(schedule.isDue(after(PassSchedule.SETTLED))).isTrue();
  }

  @Test
  void isDue_pendingName_soonerThanSettled() {
    assertThat(schedule.end(PENDING, START))
        .isEqualTo(PassSchedule.PENDING)
        .isLessThan(PassSchedule.SETTLED);

    assertThat(schedule.isDue(after(PassSchedule.PENDING))).isTrue();
  }

  @Test
  void end_failedAgainAndAgain_backsOffUpToTheLongestWait() {
    List<Duration> waits = new ArrayList<>();
    for (int pass = 0; pass < 8; pass++) {
      waits.add(schedule.end(FAILED, START));
    }

    assertThat(waits.subList(0, 4))
        .extracting(Duration::toMillis)
        .containsExactly(250L, 500L, 1000L, 2000L);
    assertThat(waits.get(7)).isEqualTo(PassSchedule.LAST_RETRY);
  }

  @Test
  void end_successBetweenFailures_startsBackOffAnew() {
    schedule.end(FAILED, START);
    schedule.end(FAILED, START);
    schedule.end(SETTLED, START);

    assertThat(schedule.end(FAILED, START)).isEqualTo(PassSchedule.FIRST_RETRY);
  }

  @Test
  void isDue_requestedDuringBackOff_atOnce() {
    schedule.end(FAILED, START);
    schedule.request();

    assertThat(schedule.isDue(START)).isTrue();
  }

  @Test
  void request_whileAPassRuns_needsAnotherPass() {
    schedule.request();
    schedule.begin(START);
    schedule.request();
    schedule.end(SETTLED, START);

    assertThat(schedule.isDue(START)).isTrue();
    schedule.begin(START);
    assertThat(schedule.isDue(START)).isFalse();
  }

  @Test
  void begin_passThatNeverEnds_isRepeatedLater() {
    schedule.begin(START);

    assertThat(schedule.isDue(START)).isFalse();
    assertThat(schedule.isDue(after(PassSchedule.PENDING))).isTrue();
  }
}
