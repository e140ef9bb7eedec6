package dev.shunt.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Decides from the counters which endpoints lose by being accelerated. Each call ends a window; an
 * endpoint that is bad in several windows in a row stands down, and is tried again after a while
 * that doubles each time. No I/O, no clock of its own. One thread.
 */
public final class StandDownRules {
  /** Bad windows in a row: a burst is none of our business. */
  static final int WINDOWS = 3;

  /** Fewer messages of members in a window say nothing. */
  static final long MESSAGES_MIN = 2_000;

  /**
   * A member's message by TCP costs 1.2 to 1.5 times that of a socket that never was one, a
   * redirected one 0.5 to 0.7: with more than this share by TCP the endpoint loses.
   */
  static final double PASSED_SHARE = 0.6;

  /** Refused inserts of a window that are more than an accident. */
  static final long REFUSED_MIN = 10;

  static final double REFUSED_SHARE = 0.1;
  static final Duration FIRST_RETRY = Duration.ofMinutes(5);
  static final Duration LAST_RETRY = Duration.ofHours(1);

  private record Finding(StandDown.Cause cause, String detail) {}

  private final Map<String, Totals> last = new HashMap<>();
  private final Map<String, Integer> badWindows = new HashMap<>();
  private final Map<String, StandDown> standing = new HashMap<>();
  private final Map<String, Duration> nextRetry = new HashMap<>();
  private long stoodDown;

  /** Endpoints that stand down now, by name. */
  public List<StandDown> standing() {
    return standing.values().stream().sorted(Comparator.comparing(StandDown::endpoint)).toList();
  }

  /** How often an endpoint stood down so far. */
  public long count() {
    return stoodDown;
  }

  /**
   * Ends a window.
   *
   * @param stats counters at its end
   * @param now its end, of a clock that nobody sets
   * @return what changed: endpoints that stand down from now on
   */
  public List<StandDown> endWindow(StatsSnapshot stats, Instant now) {
    List<StandDown> fresh = new ArrayList<>();
    for (EndpointStats endpoint : stats.endpoints()) {
      Totals before = last.put(endpoint.name(), endpoint.totals());
      if (before != null && !standing.containsKey(endpoint.name())) {
        judge(endpoint, before, now).ifPresent(fresh::add);
      }
    }
    return fresh;
  }

  private Optional<StandDown> judge(EndpointStats endpoint, Totals before, Instant now) {
    String name = endpoint.name();
    Optional<Finding> finding = finding(before, endpoint.totals());
    if (finding.isEmpty()) {
      badWindows.remove(name);
      return Optional.empty();
    }
    if (badWindows.merge(name, 1, Integer::sum) < WINDOWS) {
      return Optional.empty();
    }
    return Optional.of(standDown(name, finding.get(), now));
  }

  private StandDown standDown(String name, Finding finding, Instant now) {
    badWindows.remove(name);
    Duration wait = nextRetry.getOrDefault(name, FIRST_RETRY);
    Duration doubled = wait.multipliedBy(2);
    nextRetry.put(name, doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY);
    StandDown down = new StandDown(name, finding.cause(), finding.detail(), now, now.plus(wait));
    standing.put(name, down);
    stoodDown++;
    return down;
  }

  /**
   * An endpoint stands down because a {@link SpeedCheck} found it slower than on TCP.
   *
   * @param detail one sentence with the figures
   * @param now the same clock as that of the windows
   */
  public StandDown slower(String endpoint, String detail, Instant now) {
    return standDown(endpoint, new Finding(StandDown.Cause.SLOWER_THAN_TCP, detail), now);
  }

  /**
   * Endpoints whose time has come to be tried again; they stand down no more.
   *
   * @param now the same clock as that of the windows
   */
  public List<StandDown> resume(Instant now) {
    List<StandDown> due = standing().stream().filter(down -> !now.isBefore(down.retry())).toList();
    due.forEach(down -> standing.remove(down.endpoint()));
    return due;
  }

  private static Optional<Finding> finding(Totals before, Totals after) {
    long redirected = after.traffic().messagesRedirected() - before.traffic().messagesRedirected();
    long passed = after.traffic().messagesPassed() - before.traffic().messagesPassed();
    long messages = redirected + passed;
    if (messages >= MESSAGES_MIN && passed > messages * PASSED_SHARE) {
      return Optional.of(
          new Finding(
              StandDown.Cause.MOSTLY_BY_TCP,
              String.format(
                  Locale.ROOT,
                  "%d of %d messages of its members went by TCP in the last window",
                  passed,
                  messages)));
    }
    long refused = refused(after) - refused(before);
    long tried = refused + after.connections().adopted() - before.connections().adopted();
    if (refused >= REFUSED_MIN && refused > tried * REFUSED_SHARE) {
      return Optional.of(
          new Finding(
              StandDown.Cause.REFUSED_SOCKETS,
              "the kernel refused %d of %d sockets in the last window".formatted(refused, tried)));
    }
    return Optional.empty();
  }

  private static long refused(Totals totals) {
    return totals.reasons().stream()
        .filter(count -> count.reason() == Reason.KERNEL_REFUSED)
        .mapToLong(ReasonCount::connections)
        .sum();
  }
}
