package dev.shunt.desired.pod;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.telemetry.TelemetryPlan;
import dev.shunt.desired.telemetry.TelemetryPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What the policies of a cluster mean for the pods of one node. Immutable. */
public final class NodePolicies {
  /** No policy, no pod. */
  public static final NodePolicies NOTHING = new NodePolicies(List.of(), List.of(), file -> false);

  private final List<Governed> pods;
  private final List<FilterPolicy> ofNode;
  private final Predicate<String> isFile;

  /**
   * A pod of the node and what holds for it.
   *
   * @param pod itself
   * @param decision about it
   */
  public record Governed(PlacedPod pod, PodDecision decision) {}

  private NodePolicies(List<Governed> pods, List<FilterPolicy> ofNode, Predicate<String> isFile) {
    this.pods = pods;
    this.ofNode = ofNode;
    this.isFile = isFile;
  }

  /**
   * Decides for the pods of a node; those that have ended are left out.
   *
   * @param node its name
   * @param pods in any order
   * @param isFile whether this host sees a file at a path
   */
  public static NodePolicies of(
      String node,
      List<PlacedPod> pods,
      PodPolicies policies,
      Labels labels,
      Predicate<String> isFile) {
    List<Governed> governed =
        pods.stream()
            .filter(placed -> placed.pod().phase() != PodPhase.ENDED)
            .sorted(Comparator.comparing((PlacedPod placed) -> placed.pod().id().key()))
            .map(placed -> new Governed(placed, policies.decide(placed.pod(), labels)))
            .toList();
    List<FilterPolicy> ofNode =
        policies.ofNode(node, labels).stream()
            .map(PodPolicy::policy)
            .filter(FilterPolicy.class::isInstance)
            .map(FilterPolicy.class::cast)
            .toList();
    return new NodePolicies(governed, ofNode, isFile);
  }

  /** The pods, by namespace and name. */
  public List<Governed> pods() {
    return pods;
  }

  /** Connect policies that hold for any pod that has a cgroup, with the cgroups of those pods. */
  public List<ConnectPolicy> connects() {
    List<ConnectPolicy> connects = new ArrayList<>();
    byPolicy(ConnectPolicy.class)
        .forEach(
            (policy, selected) -> {
              List<String> cgroups =
                  selected.stream().flatMap(pod -> pod.place().cgroup().stream()).toList();
              if (!cgroups.isEmpty()) {
                connects.add(
                    policy.about(
                        cgroups,
                        policy.rules().stream().map(rule -> inPods(rule, selected)).toList()));
              }
            });
    return connects;
  }

  /** An executable of a policy is a file of the pod's containers. */
  private ConnectRule inPods(ConnectRule rule, List<PlacedPod> selected) {
    if (rule.executables().isEmpty()) {
      return rule;
    }
    List<String> files = new ArrayList<>();
    for (PlacedPod pod : selected) {
      for (PodPlace.Container container : pod.place().containers()) {
        rule.executables().forEach(path -> fileIn(container, path).ifPresent(files::add));
      }
    }
    // no container has one: the path itself keeps the rule from meaning every executable
    return new ConnectRule(
        rule.name(),
        rule.action(),
        rule.mode(),
        files.isEmpty() ? rule.executables() : files,
        rule.target());
  }

  /** Traffic filters that hold for interfaces of the node, or for any pod with its own network. */
  public List<FilterPolicy> filters() {
    List<FilterPolicy> filters = new ArrayList<>(ofNode);
    byPolicy(FilterPolicy.class)
        .forEach(
            (policy, selected) -> {
              List<String> names =
                  selected.stream()
                      .filter(pod -> pod.pod().network() == PodNetwork.OWN)
                      .map(pod -> pod.pod().id().key())
                      .toList();
              if (!names.isEmpty()) {
                filters.add(at(policy, names));
              }
            });
    return filters;
  }

  /** Which telemetry is on in pods with their own network; named as these pods are. */
  public TelemetryPlan telemetry() {
    Map<String, TelemetryPolicy> deciding = new HashMap<>();
    for (Governed governed : pods) {
      PodFacts pod = governed.pod().pod();
      if (pod.network() == PodNetwork.OWN) {
        governed.decision().telemetry().ifPresent(policy -> deciding.put(pod.id().key(), policy));
      }
    }
    return TelemetryPlan.of(deciding);
  }

  private static FilterPolicy at(FilterPolicy policy, List<String> names) {
    TrafficFilter filter = policy.filter();
    FilterPlacement where = filter.where();
    FilterPlacement here =
        new FilterPlacement(
            where.hook(), where.direction(), where.subject(), names, where.fallback());
    return new FilterPolicy(
        policy.name(),
        new TrafficFilter(
            filter.name(),
            here,
            filter.priority(),
            filter.mode(),
            filter.lockout(),
            filter.rules()),
        policy.origin());
  }

  /** What users may not expect, one sentence each. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (Governed governed : pods) {
      PodFacts pod = governed.pod().pod();
      if (pod.network() == PodNetwork.HOST) {
        PodDecision decision = governed.decision();
        decision.filters().forEach(filter -> remarks.add(noEffect(filter, pod)));
        decision.telemetry().ifPresent(policy -> remarks.add(noEffect(policy, pod)));
      }
    }
    return remarks;
  }

  private static String noEffect(NamedPolicy policy, PodFacts pod) {
    return "%s has no effect on pod %s: it uses the node's network"
        .formatted(policy.name(), pod.id());
  }

  /** Pods by the policies of a kind that hold for them. */
  private <T extends NamedPolicy> Map<T, List<PlacedPod>> byPolicy(Class<T> type) {
    Map<T, List<PlacedPod>> selected = new LinkedHashMap<>();
    for (Governed governed : pods) {
      for (PodPolicy policy : governed.decision().selecting()) {
        if (type.isInstance(policy.policy())) {
          selected
              .computeIfAbsent(type.cast(policy.policy()), key -> new ArrayList<>())
              .add(governed.pod());
        }
      }
    }
    return selected;
  }

  /** Where this host sees a file of a container; empty when the container has none of that name. */
  Optional<String> fileIn(PodPlace.Container container, String path) {
    return Optional.of(container.file(path)).filter(isFile);
  }

  /**
   * Whether something else than before holds for connections of a pod that was known before, or for
   * the node's interfaces. Pods that come and go change nothing for the others.
   */
  public boolean governsAnew(NodePolicies before) {
    Map<String, List<PodPolicy>> known = new HashMap<>();
    before.pods.forEach(
        governed -> known.put(governed.pod().pod().id().uid(), ofConnections(governed.decision())));
    return !ofNode.equals(before.ofNode)
        || pods.stream()
            .anyMatch(
                governed -> {
                  List<PodPolicy> held = known.get(governed.pod().pod().id().uid());
                  return held != null && !held.equals(ofConnections(governed.decision()));
                });
  }

  private static List<PodPolicy> ofConnections(PodDecision decision) {
    return decision.selecting().stream().filter(PodPolicy::changesConnections).toList();
  }

  /** The pod that is called so; empty when there is none. */
  public Optional<Governed> pod(String key) {
    return pods.stream()
        .filter(governed -> governed.pod().pod().id().key().equals(key))
        .findFirst();
  }
}
