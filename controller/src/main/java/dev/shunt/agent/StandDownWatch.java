package dev.shunt.agent;

import dev.shunt.observe.EventType;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.StandDown;
import dev.shunt.observe.StandDownRules;
import dev.shunt.observe.StatsSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes endpoints back to TCP that acceleration does no good, and the whole host when a later
 * self-test fails; tries again after a while. Loop thread, but for {@link #count}.
 */
final class StandDownWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StandDownWatch.class);

  /** How long until the self-test is repeated: after it passed, and after it failed. */
  private static final Duration RETEST = Duration.ofMinutes(10);

  private static final Duration RETEST_FAILED = Duration.ofMinutes(1);

  private final NodeParts parts;
  private final SpeedWatch speed;
  private final Clock clock;
  private final StandDownRules rules = new StandDownRules();
  private volatile long count;
  private Instant nextTest;

  StandDownWatch(NodeParts parts, SpeedWatch speed, Clock clock) {
    this.parts = parts;
    this.speed = speed;
    this.clock = clock;
    nextTest = clock.instant().plus(RETEST);
  }

  /** How often an endpoint stood down so far. Any thread. */
  long count() {
    return count;
  }

  /** Ends a window. */
  void look() {
    Instant now = clock.instant();
    List<StandDown> resumed = rules.resume(now);
    StatsSnapshot stats = parts.stats().read();
    List<StandDown> fresh = rules.endWindow(stats, now);
    speed.endWindow(stats, now);
    if (!resumed.isEmpty()) {
      putInForce();
    }
    resumed.forEach(
        down -> tell(EventType.RESUME, down.endpoint(), "accelerated again: " + down.detail()));
    fresh.forEach(this::standDown);
    repeatSelfTest();
  }

  /** Ends a window of a comparison with TCP. */
  void compare() {
    speed
        .step()
        .map(loss -> rules.slower(loss.endpoint(), loss.detail(), clock.instant()))
        .ifPresent(this::standDown);
  }

  private void standDown(StandDown down) {
    count = rules.count();
    putInForce();
    tell(
        EventType.STAND_DOWN,
        down.endpoint(),
        "%s; observed until %s".formatted(down.detail(), down.retry()));
  }

  private void putInForce() {
    parts.inputs().standDowns(rules.standing());
    parts.loop().reconcileSoon();
  }

  private void repeatSelfTest() {
    if (clock.instant().isBefore(nextTest)) {
      return;
    }
    boolean passed = parts.selfTest().report().passed();
    SelfTestReport again = parts.selfTest().run();
    nextTest = clock.instant().plus(again.passed() ? RETEST : RETEST_FAILED);
    if (passed && !again.passed()) {
      tell(
          EventType.STAND_DOWN,
          "",
          again
              .firstRequiredFailure()
              .map(check -> "self-test " + check.name() + " failed: " + check.detail())
              .orElse("self-test failed"));
    } else if (!passed && again.passed()) {
      tell(EventType.RESUME, "", "the self-test passes again");
    }
  }

  private void tell(EventType type, String endpoint, String detail) {
    String who = endpoint.isEmpty() ? "host" : "endpoint " + endpoint;
    if (type == EventType.STAND_DOWN) {
      LOG.warn("{} stands down: {}", who, detail);
    } else {
      LOG.info("{} {}", who, detail);
    }
    parts.events().publish(NodeEventView.ofEndpoint(Instant.now(), type, endpoint, detail));
  }
}
