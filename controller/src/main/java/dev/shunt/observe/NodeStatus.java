package dev.shunt.observe;

import java.util.List;

/**
 * The state of the node at one moment. Immutable.
 *
 * @param readiness whether it does its work, and one sentence if not
 * @param mode of the host
 * @param identity what runs, since when and where
 * @param attachments hooks and namespaces
 * @param endpoints as compiled from policy
 * @param policies files as last read
 * @param selfTest last report; {@link SelfTestReport#NOT_RUN} before the first
 * @param standDowns how often an endpoint stood down since the node started
 * @param telemetry modules that policy has switched on since the node started
 */
public record NodeStatus(
    Readiness readiness,
    ModeStatus mode,
    NodeIdentity identity,
    Attachments attachments,
    List<EndpointStatus> endpoints,
    List<PolicyFileStatus> policies,
    SelfTestReport selfTest,
    long standDowns,
    List<TelemetryStatus> telemetry) {
  /** Copies the lists. */
  public NodeStatus {
    telemetry = List.copyOf(telemetry);
    endpoints = List.copyOf(endpoints);
    policies = List.copyOf(policies);
  }

  /** Whether programs are attached, policy is applied and the self-test has run. */
  public enum State {
    READY,
    /** Works, with a part missing; {@link Readiness#detail} says which. */
    DEGRADED,
    NOT_READY
  }

  /**
   * State and its cause.
   *
   * @param state READY and DEGRADED both count as ready
   * @param detail one sentence when not READY; empty otherwise
   */
  public record Readiness(State state, String detail) {
    /** True when the node does its work. */
    public boolean ready() {
      return state != State.NOT_READY;
    }
  }

  /**
   * Where programs run.
   *
   * @param hooks every program, attached or not
   * @param namespaces every watched network namespace
   * @param oldVersions programs with another map layout that serve their last connections
   * @param neighbours programs of others on the same hooks
   */
  public record Attachments(
      List<HookStatus> hooks,
      List<NamespaceStatus> namespaces,
      List<OldVersionStatus> oldVersions,
      List<NeighbourStatus> neighbours) {
    /** Copies the lists. */
    public Attachments {
      hooks = List.copyOf(hooks);
      namespaces = List.copyOf(namespaces);
      oldVersions = List.copyOf(oldVersions);
      neighbours = List.copyOf(neighbours);
    }
  }
}
