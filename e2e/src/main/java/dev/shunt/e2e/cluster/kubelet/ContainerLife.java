package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1LifecycleHandler;
import io.kubernetes.client.openapi.models.V1Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A container of a Pod over all its runs. The Pod's thread; probes of a run report through {@code
 * wake}.
 */
final class ContainerLife {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 32;
  private static final int TAIL_CHARS = 400;

  /** Real kubelets begin with 10 s and end at 5 min; a test has no such time. */
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);

  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);
  private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration POST_START_LIMIT = Duration.ofSeconds(30);

  private final V1Container spec;
  private final Role role;
  private final Runnable wake;
  private Instant nextStart = Instant.EPOCH;
  private Duration backOff = Duration.ZERO;
  private Waiting waiting = new Waiting("PodInitializing", "");
  private int restarts;
  private @Nullable Run run;
  private @Nullable ContainerExit last;
  private @Nullable ContainerExit end;

  /** What a container is for. */
  enum Role {
    INIT,
    /** An init container that stays. */
    SIDECAR,
    MAIN
  }

  /** Why a container does not run. */
  record Waiting(String reason, String message) {}

  /** One run. */
  record Run(
      String id,
      Process process,
      CgroupTree cgroup,
      Path log,
      Instant started,
      ContainerProbes probes) {}

  ContainerLife(V1Container spec, Role role, Runnable wake) {
    this.spec = spec;
    this.role = role;
    this.wake = wake;
  }

  String name() {
    return spec.getName();
  }

  V1Container spec() {
    return spec;
  }

  Role role() {
    return role;
  }

  Waiting waiting() {
    return waiting;
  }

  int restarts() {
    return restarts;
  }

  Optional<Run> current() {
    return Optional.ofNullable(run);
  }

  /** The last run that ended before the one that counts now. */
  Optional<ContainerExit> last() {
    return Optional.ofNullable(last);
  }

  /** How it ended for good. */
  Optional<ContainerExit> end() {
    return Optional.ofNullable(end);
  }

  boolean isStarted() {
    return run != null && run.probes().isStarted();
  }

  boolean isReady() {
    return run != null && run.probes().isReady();
  }

  /** Whether what comes after it may begin. */
  boolean isPassed() {
    return role == Role.INIT ? end != null && !end.failed() : isStarted();
  }

  /** Brings it forward: notices an end, restarts, starts. */
  void advance(PodScene scene, RestartPolicy restartPolicy) {
    Run now = run;
    if (now != null && !now.process().isAlive()) {
      ended(scene, now, restartPolicy);
    } else if (now != null && now.probes().isUnhealthy()) {
      stop(scene, grace(scene), restartPolicy);
    } else if (now == null && end == null && !scene.parts().clock().instant().isBefore(nextStart)) {
      start(scene);
    }
  }

  private static Duration grace(PodScene scene) {
    return Duration.ofSeconds(
        Optional.ofNullable(scene.fields().pod().getSpec().getTerminationGracePeriodSeconds())
            .orElse(30L));
  }

  private void start(PodScene scene) {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Path log = scene.sandbox().folder("log-" + name()).resolve(restarts + ".log");
    try {
      CgroupTree cgroup =
          scene.sandbox().container(scene.parts().settings().driver().container(id));
      Process process = scene.start(spec, cgroup, log);
      CompletableFuture<Void> unused = process.onExit().thenRun(wake);
      ContainerCommand.Inside inside = new ContainerCommand.Inside(cgroup, process.pid());
      ProbeCheck check = check(scene, inside);
      afterStart(check);
      run =
          new Run(
              id,
              process,
              cgroup,
              log,
              scene.parts().clock().instant(),
              new ContainerProbes(spec, check, wake, scene.parts().tools().timers()));
    } catch (SceneException e) {
      waiting = new Waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
      nextStart = scene.parts().clock().instant().plus(RETRY);
    }
  }

  private ProbeCheck check(PodScene scene, ContainerCommand.Inside inside) {
    return new ProbeCheck(
        scene.parts().sockets(),
        scene.sandbox().address(),
        spec,
        (command, limit) -> scene.execute(spec, inside, command, limit));
  }

  private void afterStart(ProbeCheck check) {
    if (spec.getLifecycle() != null && spec.getLifecycle().getPostStart() != null) {
      runHook(spec.getLifecycle().getPostStart(), check, POST_START_LIMIT);
    }
  }

  private static void runHook(V1LifecycleHandler hook, ProbeCheck check, Duration limit) {
    if (hook.getSleep() != null) {
      Duration asked = Duration.ofSeconds(hook.getSleep().getSeconds());
      await(asked.compareTo(limit) < 0 ? asked : limit);
      return;
    }
    V1Probe probe =
        new V1Probe()
            .exec(hook.getExec())
            .httpGet(hook.getHttpGet())
            .timeoutSeconds((int) Math.max(1, limit.toSeconds()));
    check.passes(probe);
  }

  private static void await(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the run: preStop, SIGTERM, and SIGKILL when the grace is over. Blocks.
   *
   * @param restartPolicy whether it comes again
   */
  void stop(PodScene scene, Duration grace, RestartPolicy restartPolicy) {
    Run now = run;
    if (now == null) {
      return;
    }
    Instant deadline = scene.parts().clock().instant().plus(grace);
    if (spec.getLifecycle() != null
        && spec.getLifecycle().getPreStop() != null
        && now.process().isAlive()) {
      ContainerCommand.Inside inside =
          new ContainerCommand.Inside(now.cgroup(), now.process().pid());
      runHook(spec.getLifecycle().getPreStop(), check(scene, inside), grace);
    }
    now.process().destroy();
    long leftMillis = Duration.between(scene.parts().clock().instant(), deadline).toMillis();
    try {
      // real kubelets leave 2 s at least once the hook is done
      now.process().waitFor(Math.max(2000, leftMillis), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended(scene, now, restartPolicy);
  }

  /** All that it started ends with it, as with a PID namespace. */
  private void ended(PodScene scene, Run ended, RestartPolicy restartPolicy) {
    ended.probes().close();
    ended.cgroup().close();
    int code = ended.process().onExit().join().exitValue();
    Instant finished = scene.parts().clock().instant();
    ContainerExit exit =
        new ContainerExit(
            ended.id(), code, ended.started(), finished, code == 0 ? "" : tail(ended.log()));
    run = null;
    if (!restartPolicy.comesAgain(role, exit)) {
      end = exit;
      return;
    }
    last = exit;
    restarts++;
    if (Duration.between(ended.started(), finished).compareTo(FORGIVEN_AFTER) > 0) {
      backOff = Duration.ZERO;
    }
    nextStart = finished.plus(backOff);
    waiting =
        new Waiting(
            "CrashLoopBackOff",
            "back-off %ds restarting failed container=%s".formatted(backOff.toSeconds(), name()));
    backOff = backOff.isZero() ? FIRST_BACK_OFF : backOff.multipliedBy(2);
    backOff = backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff;
  }

  private static String tail(Path log) {
    try {
      String text = Files.readString(log).strip();
      return text.substring(Math.max(0, text.length() - TAIL_CHARS));
    } catch (IOException e) {
      return "";
    }
  }

  /** Why it does not run yet. */
  void await(Waiting why) {
    waiting = why;
  }
}
