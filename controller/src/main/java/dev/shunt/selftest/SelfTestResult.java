package dev.shunt.selftest;

import dev.shunt.datapath.programs.FionreadGuard;
import java.time.Instant;
import java.util.List;

/**
 * What the self-test saw. Immutable.
 *
 * @param time when it ended
 * @param checks in the order they ran
 */
public record SelfTestResult(Instant time, List<Check> checks) {
  /** Name of the check that {@link #fionreadGuard()} is about. */
  public static final String FIONREAD = "fionread";

  /** Copies the list. */
  public SelfTestResult {
    checks = List.copyOf(checks);
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
   * @param name redirect, order, bounded-queue, half-close or fionread
   * @param outcome whether the kernel did what is asked
   * @param need what a failure means
   * @param detail one sentence: what was seen
   */
  public record Check(String name, Outcome outcome, Need need, String detail) {}

  /** True when something ran and every required check passed: acceleration is allowed. */
  public boolean passed() {
    return !checks.isEmpty()
        && checks.stream()
            .noneMatch(check -> check.outcome() == Outcome.FAILED && check.need() == Need.REQUIRED);
  }

  /** Not needed only where FIONREAD was seen to be right. */
  public FionreadGuard fionreadGuard() {
    return checks.stream()
            .anyMatch(check -> check.name().equals(FIONREAD) && check.outcome() == Outcome.PASSED)
        ? FionreadGuard.NOT_NEEDED
        : FionreadGuard.NEEDED;
  }
}
