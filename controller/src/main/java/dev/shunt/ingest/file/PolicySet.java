package dev.shunt.ingest.file;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.Policy;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.List;

/**
 * The policies in force and the files they come from.
 *
 * @param all policies of all files, last good ones of refused files included; names are unique
 * @param files by path
 */
public record PolicySet(List<NamedPolicy> all, List<PolicyFile> files) {
  /** Copies the lists. */
  public PolicySet {
    all = List.copyOf(all);
    files = List.copyOf(files);
  }

  /** Those about acceleration. */
  public List<Policy> policies() {
    return of(Policy.class);
  }

  /** Those about connections. */
  public List<ConnectPolicy> connectPolicies() {
    return of(ConnectPolicy.class);
  }

  /** Those about packets. */
  public List<FilterPolicy> trafficFilters() {
    return of(FilterPolicy.class);
  }

  /** Those about telemetry. */
  public List<TelemetryPolicy> telemetryPolicies() {
    return of(TelemetryPolicy.class);
  }

  /** Those of a cluster, of every kind. */
  public List<PodPolicy> podPolicies() {
    return of(PodPolicy.class);
  }

  private <T> List<T> of(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
