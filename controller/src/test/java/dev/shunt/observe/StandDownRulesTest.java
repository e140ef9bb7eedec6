package dev.shunt.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandDownRulesTest {
  private static final Duration WINDOW = Duration.ofSeconds(5);

  private final StandDownRules rules = new StandDownRules();
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private long redirected;
  private long passed;
  private long refused;
  private long adopted;

  /** Ends a window in which so much happened. */
  private List<StandDown> window(long moreRedirected, long morePassed) {
    redirected += moreRedirected;
    passed += morePassed;
    now = now.plus(WINDOW);
    Totals totals =
        new Totals(
            new ConnectionTotals(adopted, adopted, 0, 0),
            new Traffic(redirected, 0, passed, 0),
            0,
            List.of(new ReasonCount(Reason.KERNEL_REFUSED, refused, 0)));
    StatsSnapshot base = Samples.stats(1);
    return rules.endWindow(
        new StatsSnapshot(
            base.time(),
            totals,
            List.of(new EndpointStats(1, "web", totals)),
            base.node(),
            base.maps()),
        now);
  }

  private StandDown standDown() {
    window(0, 0);
    for (int i = 1; i < StandDownRules.WINDOWS; i++) {
      assertThat(window(1_000, 9_000)).isEmpty();
    }
    List<StandDown> fresh = window(1_000, 9_000);
    assertThat(fresh).hasSize(1);
    return fresh.get(0);
  }

  @Test
  void endWindow_mostlyByTcpForSeveralWindows_standsDownWithTheFigures() {
    StandDown down = standDown();

    assertThat(down.endpoint()).isEqualTo("web");
    assertThat(down.cause()).isEqualTo(StandDown.Cause.MOSTLY_BY_TCP);
    assertThat(down.detail()).contains("9000 of 10000 messages");
    assertThat(down.retry()).isEqualTo(now.plus(StandDownRules.FIRST_RETRY));
    assertThat(rules.standing()).containsExactly(down);
    assertThat(rules.count()).isEqualTo(1);
  }

  @Test
  void endWindow_goodWindowInBetween_startsOver() {
    window(0, 0);
    window(1_000, 9_000);
    window(1_000, 9_000);
    assertThat(window(9_000, 1_000)).isEmpty();
    window(1_000, 9_000);

    assertThat(window(1_000, 9_000)).isEmpty();
    assertThat(rules.standing()).isEmpty();
  }

  @Test
  void endWindow_fewMessages_saysNothing() {
    for (int i = 0; i < 10; i++) {
      assertThat(window(0, StandDownRules.MESSAGES_MIN - 1)).isEmpty();
    }
  }

  @Test
  void endWindow_countersOlderThanTheNode_areNoWindow() {
    passed = 1_000_000;
    for (int i = 0; i < 10; i++) {
      assertThat(window(0, 0)).isEmpty();
    }
  }

  @Test
  void endWindow_refusedSockets_standsDown() {
    window(0, 0);
    List<StandDown> last = List.of();
    for (int i = 0; i < StandDownRules.WINDOWS; i++) {
      refused += StandDownRules.REFUSED_MIN;
      adopted += 50;
      last = window(0, 0);
    }

    assertThat(last)
        .singleElement()
        .satisfies(
            down -> {
              assertThat(down.cause()).isEqualTo(StandDown.Cause.REFUSED_SOCKETS);
              assertThat(down.detail()).contains("10 of 60 sockets");
            });
  }

  @Test
  void resume_timeHasCome_onceAndTheNextWaitIsLonger() {
    StandDown first = standDown();
    assertThat(rules.resume(first.retry().minusMillis(1))).isEmpty();
    assertThat(rules.resume(first.retry())).containsExactly(first);
    assertThat(rules.standing()).isEmpty();

    StandDown second = standDown();

    assertThat(Duration.between(second.since(), second.retry()))
        .isEqualTo(StandDownRules.FIRST_RETRY.multipliedBy(2));
  }

  @Test
  void retry_manyTimes_isNeverLongerThanAnHour() {
    Duration wait = Duration.ZERO;
    for (int i = 0; i < 12; i++) {
      StandDown down = standDown();
      wait = Duration.between(down.since(), down.retry());
      rules.resume(down.retry());
    }

    assertThat(wait).isEqualTo(StandDownRules.LAST_RETRY);
  }

  @Test
  void slower_endpoint_standsDownAndIsTriedAgainLessAndLessOften() {
    StandDown first = rules.slower("web", "0.80 times", now);

    assertThat(first.cause()).isEqualTo(StandDown.Cause.SLOWER_THAN_TCP);
    assertThat(first.cause().text()).isEqualTo("slower_than_tcp");
    assertThat(first.detail()).isEqualTo("0.80 times");
    assertThat(first.retry()).isEqualTo(now.plus(StandDownRules.FIRST_RETRY));
    assertThat(rules.standing()).containsExactly(first);
    assertThat(rules.count()).isEqualTo(1);
    assertThat(rules.resume(first.retry())).containsExactly(first);
    assertThat(rules.standing()).isEmpty();

    StandDown second = rules.slower("web", "0.80 times", now);

    assertThat(second.retry()).isEqualTo(now.plus(StandDownRules.FIRST_RETRY.multipliedBy(2)));
  }
}
