package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.kubelet.ProbeLoop.Verdict;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Probe;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The probes of one run of a container. Any thread may ask; {@link #close} ends them. */
final class ContainerProbes implements AutoCloseable {
  private final Optional<ProbeLoop> startup;
  private final Optional<ProbeLoop> readiness;
  private final Optional<ProbeLoop> liveness;

  /**
   * Begins to check.
   *
   * @param changed told when a verdict changes
   */
  ContainerProbes(
      V1Container container, ProbeCheck check, Runnable changed, ScheduledExecutorService timers) {
    startup =
        Optional.ofNullable(container.getStartupProbe())
            .map(probe -> new ProbeLoop(probe, check, this::isAwaitingStart, changed, timers));
    readiness = later(container.getReadinessProbe(), check, changed, timers);
    liveness = later(container.getLivenessProbe(), check, changed, timers);
  }

  private Optional<ProbeLoop> later(
      @Nullable V1Probe probe,
      ProbeCheck check,
      Runnable changed,
      ScheduledExecutorService timers) {
    BooleanSupplier wanted = this::isStarted;
    return Optional.ofNullable(probe)
        .map(each -> new ProbeLoop(each, check, wanted, changed, timers));
  }

  private boolean isAwaitingStart() {
    return !isStarted();
  }

  /** Whether the startup probe passed once, if there is one. */
  boolean isStarted() {
    return startup == null || startup.map(loop -> loop.verdict() == Verdict.PASSED).orElse(true);
  }

  /** Whether the container may get traffic. */
  boolean isReady() {
    return isStarted() && readiness.map(loop -> loop.verdict() == Verdict.PASSED).orElse(true);
  }

  /** Whether the container has to be restarted. */
  boolean isUnhealthy() {
    return startup.map(loop -> loop.verdict() == Verdict.FAILED).orElse(false)
        || liveness.map(loop -> loop.verdict() == Verdict.FAILED).orElse(false);
  }

  @Override
  public void close() {
    startup.ifPresent(ProbeLoop::close);
    readiness.ifPresent(ProbeLoop::close);
    liveness.ifPresent(ProbeLoop::close);
  }
}
