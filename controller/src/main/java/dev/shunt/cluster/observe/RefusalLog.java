package dev.shunt.cluster.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of refused calls: the first of each reason at once, others in sums, so that a
 * caller cannot fill it. Says nothing of what the call had in it. Thread-safe.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final Clock clock;
  private final Map<String, Since> reasons = new HashMap<>();

  /**
   * What was not told yet.
   *
   * @param told when the last line was
   * @param calls since then
   */
  private record Since(Instant told, long calls) {}

  RefusalLog(Clock clock) {
    this.clock = clock;
  }

  void note(String reason) {
    line(reason).ifPresent(text -> LOG.warn("{}", text));
  }

  /** Counts a refusal; the line that is due, if one is. */
  synchronized Optional<String> line(String reason) {
    Instant now = clock.instant();
    Since since = reasons.getOrDefault(reason, new Since(Instant.MIN, 0));
    if (since.told().isAfter(now.minus(PAUSE))) {
      reasons.put(reason, new Since(since.told(), since.calls() + 1));
      return Optional.empty();
    }
    reasons.put(reason, new Since(now, 0));
    return Optional.of(
        "refused calls: %d (%s); shunt_plane_refused_calls_total counts all"
            .formatted(since.calls() + 1, reason));
  }
}
