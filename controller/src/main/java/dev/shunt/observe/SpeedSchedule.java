package dev.shunt.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the speed of which endpoint is compared with that on TCP: once it has been busy for a while,
 * then again and again, less and less often as long as it is found well. No I/O, no clock of its
 * own. One thread.
 */
public final class SpeedSchedule {
  /** An endpoint that was busy for this part of the interval is compared for the first time. */
  static final int FIRST_PART = 10;

  /** The longest wait, in intervals. */
  static final int LONGEST = 6;

  private final Duration interval;
  private final Map<String, Long> redirected = new HashMap<>();
  private final Map<String, Instant> busySince = new HashMap<>();
  private final Map<String, Duration> waits = new HashMap<>();
  private final Map<String, Instant> next = new HashMap<>();

  /**
   * A schedule.
   *
   * @param interval between the first two comparisons of an endpoint; zero: never compare
   */
  public SpeedSchedule(Duration interval) {
    this.interval = interval;
  }

  /**
   * Ends a window.
   *
   * @param stats counters at its end
   * @param now its end, of a clock that nobody sets
   */
  public void endWindow(StatsSnapshot stats, Instant now) {
    for (EndpointStats endpoint : stats.endpoints()) {
      long messages = endpoint.totals().traffic().messagesRedirected();
      Long before = redirected.put(endpoint.name(), messages);
      if (before == null || messages - before < StandDownRules.MESSAGES_MIN) {
        busySince.remove(endpoint.name());
      } else {
        busySince.putIfAbsent(endpoint.name(), now);
      }
    }
  }

  /** The endpoint that has waited longest, if the time of any has come. */
  public Optional<String> due(Instant now) {
    if (interval.isZero()) {
      return Optional.empty();
    }
    return busySince.entrySet().stream()
        .map(busy -> Map.entry(busy.getKey(), time(busy.getKey(), busy.getValue())))
        .filter(candidate -> !now.isBefore(candidate.getValue()))
        .min(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  private Instant time(String endpoint, Instant busy) {
    Instant first = busy.plus(interval.dividedBy(FIRST_PART));
    Instant again = next.getOrDefault(endpoint, first);
    return again.isAfter(first) ? again : first;
  }

  /** It was compared and is no slower, or nothing could be told. */
  public void passed(String endpoint, Instant now) {
    Duration wait = waits.getOrDefault(endpoint, interval);
    Duration doubled = wait.multipliedBy(2);
    Duration longest = interval.multipliedBy(LONGEST);
    waits.put(endpoint, doubled.compareTo(longest) < 0 ? doubled : longest);
    next.put(endpoint, now.plus(wait));
  }

  /** It was compared and is slower: compared again soon after it is accelerated again. */
  public void failed(String endpoint) {
    waits.remove(endpoint);
    next.remove(endpoint);
  }
}
