package dev.shunt.desired.pod;

import dev.shunt.desired.Policy;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which policies hold for a pod.
 *
 * @param pod whose
 * @param selecting all policies that select it, the one that outranks first
 */
public record PodDecision(PodFacts pod, List<PodPolicy> selecting) {
  /** Copies the list. */
  public PodDecision {
    selecting = List.copyOf(selecting);
  }

  /** The one that decides about acceleration; empty: observe. */
  public Optional<Policy> acceleration() {
    return of(Policy.class).findFirst();
  }

  /** Those about acceleration that have no effect on this pod because another one outranks them. */
  public List<Policy> shadowed() {
    return of(Policy.class).skip(1).toList();
  }

  /** The one that says which telemetry is on; empty: none is. */
  public Optional<TelemetryPolicy> telemetry() {
    return of(TelemetryPolicy.class).findFirst();
  }

  /** Connect policies that hold. */
  public List<ConnectPolicy> connects() {
    return of(ConnectPolicy.class).toList();
  }

  /** Traffic filters that hold. */
  public List<FilterPolicy> filters() {
    return of(FilterPolicy.class).toList();
  }

  private <T> Stream<T> of(Class<T> type) {
    return selecting.stream().map(PodPolicy::policy).filter(type::isInstance).map(type::cast);
  }
}
