package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.openapi.models.V1Probe;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One probe of one run of a container: counts what its checks gave and knows the verdict. Checks
 * run on the kubelet's timers; the verdict may be read by any thread.
 */
final class ProbeLoop implements AutoCloseable {
  private final V1Probe probe;
  private final ProbeCheck check;
  private final BooleanSupplier wanted;
  private final Runnable changed;
  private final Future<?> timer;
  private volatile Verdict verdict = Verdict.UNKNOWN;
  private int passed;
  private int failed;

  /** What the checks say so far. */
  enum Verdict {
    UNKNOWN,
    PASSED,
    FAILED
  }

  /**
   * Begins to check.
   *
   * @param wanted whether a check counts now: others wait for the startup probe
   * @param changed told when the verdict changes
   */
  ProbeLoop(
      V1Probe probe,
      ProbeCheck check,
      BooleanSupplier wanted,
      Runnable changed,
      ScheduledExecutorService timers) {
    this.probe = probe;
    this.check = check;
    this.wanted = wanted;
    this.changed = changed;
    timer =
        timers.scheduleWithFixedDelay(
            this::run,
            number(probe.getInitialDelaySeconds(), 0),
            number(probe.getPeriodSeconds(), 10),
            TimeUnit.SECONDS);
  }

  private static int number(@Nullable Integer asked, int usual) {
    return Optional.ofNullable(asked).filter(value -> value > 0).orElse(usual);
  }

  Verdict verdict() {
    return verdict;
  }

  private void run() {
    if (!wanted.getAsBoolean()) {
      return;
    }
    Verdict before = verdict;
    boolean passes;
    try {
      passes = check.passes(probe);
    } catch (RuntimeException e) {
      passes = false; // the container ended meanwhile; a timer that throws never runs again
    }
    if (passes) {
      failed = 0;
      passed++;
      if (passed >= number(probe.getSuccessThreshold(), 1)) {
        verdict = Verdict.PASSED;
      }
    } else {
      passed = 0;
      failed++;
      if (failed >= number(probe.getFailureThreshold(), 3)) {
        verdict = Verdict.FAILED;
      }
    }
    if (verdict != before) {
      changed.run();
    }
  }

  @Override
  public void close() {
    timer.cancel(false);
  }
}
