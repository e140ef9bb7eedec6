package dev.shunt.observe;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Outcome of the self-test on real sockets.
 *
 * @param time when it ended; {@link Instant#EPOCH} when it has not run
 * @param checks in the order they ran; empty when it has not run
 */
public record SelfTestReport(Instant time, List<Check> checks) {
  /** A test that has not run. */
  public static final SelfTestReport NOT_RUN = new SelfTestReport(Instant.EPOCH, List.of());

  /** Copies the list. */
  public SelfTestReport {
    checks = List.copyOf(checks);
  }

  /** True when it has run and every required check passed: acceleration is allowed. */
  public boolean passed() {
    return !checks.isEmpty() && firstRequiredFailure().isEmpty();
  }

  /** The check that disables acceleration; empty when none does. */
  public Optional<Check> firstRequiredFailure() {
    return checks.stream()
        .filter(c -> c.outcome() == Outcome.FAILED && c.need() == Need.REQUIRED)
        .findFirst();
  }

  /** Result of one check. */
  public enum Outcome {
    PASSED,
    FAILED
  }

  /** What a failure means. */
  public enum Need {
    /** Failure disables acceleration. */
    REQUIRED,
    /** Failure selects stricter adoption rules. */
    OPTIONAL
  }

  /**
   * One check.
   *
   * @param name order, bounded-queue, half-close, redirect or fionread
   * @param outcome whether the kernel did what is asked
   * @param need what a failure means
   * @param detail one sentence: what was seen
   */
  public record Check(String name, Outcome outcome, Need need, String detail) {}
}
