package dev.shunt.agent.trace;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a module told and could not be read for a reason that nobody expected. Each is counted and
 * passed over, so that all else is told; the log has the cause, once a minute, as a defect that all
 * records meet must be seen and must not fill it. Thread-safe.
 */
final class BadRecords {
  private static final Logger LOG = LoggerFactory.getLogger(BadRecords.class);
  private static final String OWN = "dev.shunt.";
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final String module;
  private final LongSupplier nanoTime;
  private long count;
  private long logged;
  private long loggedAt;

  /**
   * None yet.
   *
   * @param nanoTime a clock that only grows
   */
  BadRecords(String module, LongSupplier nanoTime) {
    this.module = module;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads something.
   *
   * @param object what is read
   * @return false: it failed, which is counted
   */
  boolean read(String object, Runnable reading) {
    return test(
        object,
        () -> {
          reading.run();
          return true;
        });
  }

  /**
   * As {@link #read}, of something that has an answer.
   *
   * @return false: so it said, or it failed
   */
  boolean test(String object, BooleanSupplier reading) {
    try {
      return reading.getAsBoolean();
    } catch (RuntimeException failed) {
      add(object, failed);
      return false;
    }
  }

  /** How many there were. */
  synchronized long count() {
    return count;
  }

  private synchronized void add(String object, RuntimeException failed) {
    count++;
    long now = nanoTime.getAsLong();
    if (logged > 0 && now - loggedAt < QUIET.toNanos()) {
      return;
    }
    LOG.warn(
        "read {} of trace {} failed: {} at {}; it is counted as unread, {} since the last such line",
        object,
        module,
        failed,
        place(failed),
        count - logged);
    logged = count;
    loggedAt = now;
  }

  /** The innermost of our own. */
  private static String place(RuntimeException failed) {
    return Arrays.stream(failed.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(OWN))
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse("?");
  }
}
