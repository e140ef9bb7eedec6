package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.kubelet.ContainerLife.Role;
import dev.shunt.e2e.cluster.kubelet.ContainerLife.Waiting;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one Pod on a thread of its own, from its sandbox to its deletion. {@link #see}, {@link
 * #vanish} and {@link #stop} may be called by any thread.
 */
final class PodWorker implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

  /** Longest time without a look: what has no event (a back-off, a Service) is seen by then. */
  private static final long LOOK_MILLIS = 200;

  private static final Duration REFRESH = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final KubeletParts parts;
  private final LinkedBlockingQueue<Boolean> wakes = new LinkedBlockingQueue<>();
  private final List<ContainerLife> lives = new ArrayList<>();
  private final StatusWriter writer;
  private volatile V1Pod pod;
  private volatile boolean vanished;
  private volatile boolean stopped;
  private Instant nextRefresh = Instant.EPOCH;
  private boolean hasVolumes;
  private @Nullable PodScene scene;
  private @Nullable V1PodStatus written;

  PodWorker(V1Pod pod, KubeletParts parts) {
    this.pod = pod;
    this.parts = parts;
    writer = new StatusWriter(parts.surroundings().api());
    List<V1Container> inits =
        Optional.ofNullable(pod.getSpec().getInitContainers()).orElse(List.of());
    for (V1Container each : inits) {
      Role role = "Always".equals(each.getRestartPolicy()) ? Role.SIDECAR : Role.INIT;
      lives.add(new ContainerLife(each, role, this::wake));
    }
    for (V1Container each : pod.getSpec().getContainers()) {
      lives.add(new ContainerLife(each, Role.MAIN, this::wake));
    }
  }

  /** The Pod changed. */
  void see(V1Pod changed) {
    pod = changed;
    wake();
  }

  /** The Pod is gone from the API server. */
  void vanish() {
    vanished = true;
    wake();
  }

  /** The kubelet stops: containers end at once, the API server is not told. */
  void stop() {
    stopped = true;
    wake();
  }

  private void wake() {
    wakes.add(true);
  }

  @Override
  public void run() {
    while (!stopped && !vanished && pod.getMetadata().getDeletionTimestamp() == null) {
      try {
        look();
      } catch (RuntimeException e) { // whatever it is, the Pod says so and it is tried again
        explain(new Waiting("ContainerCreating", String.valueOf(e.getMessage())));
        nextRefresh = parts.clock().instant().plus(RETRY);
      }
      report();
      rest();
    }
    end();
  }

  private void rest() {
    try {
      wakes.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      wakes.clear();
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  private void look() {
    Instant now = parts.clock().instant();
    if (isOver() || (scene == null && now.isBefore(nextRefresh))) {
      return;
    }
    PodScene current = prepared();
    if (!now.isBefore(nextRefresh)) {
      refresh(current);
      nextRefresh = now.plus(REFRESH);
    }
    if (hasVolumes) {
      current.writeHosts();
      advance(current);
    }
  }

  /** The first time it has to succeed; what runs already keeps what it has. */
  private void refresh(PodScene current) {
    try {
      current.volumes().refresh(current.fields());
      hasVolumes = true;
    } catch (SceneException e) {
      if (!hasVolumes) {
        throw e;
      }
      LOG.warn("refresh volumes of pod {} failed: {}", pod.getMetadata().getName(), e.getMessage());
    }
  }

  private boolean isOver() {
    String phase = pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private PodScene prepared() {
    PodScene current = scene;
    if (current == null) {
      PodSandbox sandbox = PodSandbox.create(parts.settings(), parts.network(), pod);
      PodVolumes volumes =
          new PodVolumes(
              sandbox.folder("volumes"),
              new HostPaths(parts.settings()),
              new VolumeFiles(new KubeletObjects(parts.core()), parts.clock()));
      current = new PodScene(parts, fields(sandbox), sandbox, volumes);
    } else {
      current = current.with(fields(current.sandbox()));
    }
    scene = current;
    return current;
  }

  private PodFields fields(PodSandbox sandbox) {
    return new PodFields(pod, sandbox.address(), parts.network().node().address());
  }

  /** Init containers one after the other, then all others. */
  private void advance(PodScene current) {
    RestartPolicy policy = RestartPolicy.of(pod.getSpec().getRestartPolicy());
    boolean begun = lives.stream().anyMatch(each -> each.role() == Role.MAIN && hasBegun(each));
    for (ContainerLife life : lives) {
      life.advance(current, policy);
      boolean isFirst = life.role() != Role.MAIN;
      if (isFirst && !begun && !life.isPassed()) {
        return;
      }
    }
    if (mains().stream().allMatch(each -> each.end().isPresent())) {
      endSidecars(current);
    }
  }

  private static boolean hasBegun(ContainerLife life) {
    return life.current().isPresent() || life.end().isPresent() || life.restarts() > 0;
  }

  private List<ContainerLife> mains() {
    return lives.stream().filter(each -> each.role() == Role.MAIN).toList();
  }

  /** Last one first, once all others have ended. */
  private void endSidecars(PodScene current) {
    List<ContainerLife> reversed = new ArrayList<>(lives);
    Collections.reverse(reversed);
    reversed.stream()
        .filter(each -> each.role() != Role.MAIN)
        .forEach(each -> each.stop(current, grace(), RestartPolicy.STOPPING));
  }

  private void explain(Waiting why) {
    lives.stream().filter(each -> !hasBegun(each)).forEach(each -> each.await(why));
  }

  private Duration grace() {
    if (stopped || vanished) {
      return Duration.ZERO;
    }
    Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
    if (seconds == null) {
      seconds = pod.getSpec().getTerminationGracePeriodSeconds();
    }
    return Duration.ofSeconds(seconds == null ? 30 : seconds);
  }

  private void end() {
    PodScene last = scene;
    if (!stopped && !vanished) {
      report(); // not ready any more, before anything ends
    }
    if (last != null) {
      Duration grace = grace();
      CompletableFuture<?>[] stops =
          mains().stream()
              .map(
                  each ->
                      CompletableFuture.runAsync(
                          () -> each.stop(last, grace, RestartPolicy.STOPPING),
                          PodWorker::onItsOwn))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(stops).join();
      endSidecars(last);
    }
    if (!stopped && !vanished) {
      report();
    }
    if (last != null) {
      last.sandbox().close();
    }
    if (!stopped && !vanished) {
      writer.delete(pod);
    }
  }

  /** A stop may take its whole grace: the kubelet's timers are not for that. */
  private static void onItsOwn(Runnable stop) {
    Thread thread = new Thread(stop, "container-stop");
    thread.setDaemon(true);
    thread.start();
  }

  private void report() {
    if (isOver() && scene == null) {
      return; // it ended before this kubelet saw it
    }
    V1PodStatus status =
        new PodReport(
                pod,
                lives,
                Optional.ofNullable(scene).map(each -> each.sandbox().address()),
                parts.network().node().address(),
                OffsetDateTime.ofInstant(parts.clock().instant(), ZoneOffset.UTC))
            .status();
    if (!status.equals(written) && writer.write(pod, status)) {
      written = status;
    }
  }
}
