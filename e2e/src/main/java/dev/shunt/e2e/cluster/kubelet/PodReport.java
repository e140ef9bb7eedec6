package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.kubelet.ContainerLife.Role;
import io.kubernetes.client.openapi.models.V1ContainerState;
import io.kubernetes.client.openapi.models.V1ContainerStateRunning;
import io.kubernetes.client.openapi.models.V1ContainerStateWaiting;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1HostIP;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodIP;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The status of a Pod, made of its containers. Immutable.
 *
 * @param pod as last seen
 * @param containers init containers first
 * @param address of the Pod; empty: it has no sandbox yet
 * @param hostAddress of the node
 * @param now when it is made
 */
record PodReport(
    V1Pod pod,
    List<ContainerLife> containers,
    Optional<String> address,
    String hostAddress,
    OffsetDateTime now) {
  /** The status of a condition. */
  private enum Truth {
    YES("True"),
    NO("False");

    private final String word;

    Truth(String word) {
      this.word = word;
    }

    static Truth of(Boolean holds) {
      return holds ? YES : NO;
    }
  }

  PodReport {
    containers = List.copyOf(containers);
  }

  V1PodStatus status() {
    V1PodStatus before = pod.getStatus();
    V1PodStatus status =
        new V1PodStatus()
            .phase(phase())
            .conditions(conditions())
            .hostIP(hostAddress)
            .hostIPs(List.of(new V1HostIP().ip(hostAddress)))
            .qosClass(before.getQosClass())
            .startTime(Optional.ofNullable(before.getStartTime()).orElse(now))
            .containerStatuses(statuses(Role.MAIN))
            .initContainerStatuses(statuses(Role.INIT, Role.SIDECAR));
    address.ifPresent(each -> status.podIP(each).podIPs(List.of(new V1PodIP().ip(each))));
    return status;
  }

  /** Pending, Running, Succeeded or Failed (pkg/kubelet/kubelet_pods.go, getPhase). */
  String phase() {
    List<ContainerLife> mains = of(Role.MAIN);
    boolean initFailed =
        of(Role.INIT).stream()
            .anyMatch(each -> each.end().map(ContainerExit::failed).orElse(false));
    if (initFailed) {
      return "Failed";
    }
    if (mains.stream().allMatch(each -> each.end().isPresent())) {
      boolean failed =
          mains.stream().anyMatch(each -> each.end().map(ContainerExit::failed).orElse(false));
      return failed ? "Failed" : "Succeeded";
    }
    boolean allBegan =
        mains.stream()
            .allMatch(
                each ->
                    each.current().isPresent()
                        || each.end().isPresent()
                        || each.last().isPresent());
    return isInitialized() && allBegan ? "Running" : "Pending";
  }

  private List<ContainerLife> of(Role... roles) {
    List<Role> wanted = List.of(roles);
    return containers.stream().filter(each -> wanted.contains(each.role())).toList();
  }

  private boolean isInitialized() {
    boolean began = of(Role.MAIN).stream().anyMatch(each -> each.current().isPresent());
    return began || of(Role.INIT, Role.SIDECAR).stream().allMatch(ContainerLife::isPassed);
  }

  /** Whether it may get traffic: not while it is being deleted. */
  boolean isReady() {
    boolean deleted = pod.getMetadata().getDeletionTimestamp() != null;
    return !deleted
        && phase().equals("Running")
        && of(Role.MAIN, Role.SIDECAR).stream().allMatch(ContainerLife::isReady);
  }

  private List<V1PodCondition> conditions() {
    Truth ready = Truth.of(isReady());
    List<V1PodCondition> conditions = new ArrayList<>();
    before("PodScheduled").ifPresent(conditions::add);
    conditions.add(condition("PodReadyToStartContainers", Truth.of(address.isPresent())));
    conditions.add(condition("Initialized", Truth.of(isInitialized())));
    conditions.add(condition("ContainersReady", ready));
    conditions.add(condition("Ready", ready));
    return conditions;
  }

  private Optional<V1PodCondition> before(String type) {
    return Optional.ofNullable(pod.getStatus().getConditions()).orElse(List.of()).stream()
        .filter(each -> each.getType().equals(type))
        .findFirst();
  }

  private V1PodCondition condition(String type, Truth truth) {
    OffsetDateTime since =
        before(type)
            .filter(each -> Objects.equals(each.getStatus(), truth.word))
            .map(V1PodCondition::getLastTransitionTime)
            .orElse(now);
    V1PodCondition condition =
        new V1PodCondition().type(type).status(truth.word).lastTransitionTime(since);
    if (truth == Truth.NO && type.endsWith("Ready") && phase().equals("Succeeded")) {
      condition.reason("PodCompleted");
    } else if (truth == Truth.NO && type.endsWith("Ready")) {
      condition.reason("ContainersNotReady");
    }
    return condition;
  }

  private List<V1ContainerStatus> statuses(Role... roles) {
    return of(roles).stream().map(PodReport::status).toList();
  }

  private static V1ContainerStatus status(ContainerLife life) {
    V1ContainerStatus status =
        new V1ContainerStatus()
            .name(life.name())
            .image(life.spec().getImage())
            .imageID(life.spec().getImage())
            .restartCount(life.restarts())
            .started(life.isStarted())
            .ready(life.role() == Role.INIT ? life.isPassed() : life.isReady())
            .state(state(life));
    life.current().ifPresent(run -> status.containerID("containerd://" + run.id()));
    life.end().ifPresent(exit -> status.containerID("containerd://" + exit.id()));
    life.last()
        .ifPresent(exit -> status.lastState(new V1ContainerState().terminated(exit.state())));
    return status;
  }

  private static V1ContainerState state(ContainerLife life) {
    if (life.current().isPresent()) {
      return new V1ContainerState()
          .running(
              new V1ContainerStateRunning()
                  .startedAt(life.current().get().started().atOffset(ZoneOffset.UTC)));
    }
    if (life.end().isPresent()) {
      return new V1ContainerState().terminated(life.end().get().state());
    }
    return new V1ContainerState()
        .waiting(
            new V1ContainerStateWaiting()
                .reason(life.waiting().reason())
                .message(life.waiting().message()));
  }
}
