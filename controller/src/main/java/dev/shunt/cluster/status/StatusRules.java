package dev.shunt.cluster.status;

import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.watch.PolicyObject;
import dev.shunt.v1.Counters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the status of a policy. Pure. */
final class StatusRules {
  private static final int NAMED_MAX = 3;

  private StatusRules() {}

  /**
   * The status of a policy now.
   *
   * @param reach what it selects
   * @param states of all connected nodes, by name
   * @param traffic of the pods that it selects
   */
  static PolicyStatus status(
      PolicyObject object, PolicyReach reach, Map<String, NodeState> states, Counters traffic) {
    int programmed = 0;
    int failed = 0;
    String firstError = "";
    SortedSet<String> pending = new TreeSet<>();
    for (String node : new TreeSet<>(reach.nodes())) {
      NodeState state = states.get(node);
      if (state != null && state.isProgrammed()) {
        programmed++;
      } else if (state != null && state.refusal().isPresent()) {
        failed++;
        if (firstError.isEmpty()) {
          firstError = node + ": " + state.refusal().get().detail();
        }
      } else {
        pending.add(node);
      }
    }
    PolicyStatus.Nodes nodes =
        new PolicyStatus.Nodes(reach.nodes().size(), programmed, failed, firstError);
    return new PolicyStatus(
        object.generation(),
        reach.pods().size(),
        nodes,
        object.kind().endsWith("Acceleration") ? share(traffic) : Optional.empty(),
        List.of(accepted(object), programmed(nodes, pending), degraded(reach, nodes)));
  }

  private static Condition accepted(PolicyObject object) {
    return object
        .fault()
        .map(fault -> new Condition(Condition.ACCEPTED, false, StatusReason.INVALID, fault))
        .orElse(
            new Condition(Condition.ACCEPTED, true, StatusReason.VALID, "all fields are valid"));
  }

  private static Condition programmed(PolicyStatus.Nodes nodes, SortedSet<String> pending) {
    if (nodes.failed() > 0) {
      return new Condition(
          Condition.PROGRAMMED,
          false,
          StatusReason.REFUSED,
          "%d of %d nodes refused it; %s"
              .formatted(nodes.failed(), nodes.targeted(), nodes.firstError()));
    }
    if (!pending.isEmpty()) {
      return new Condition(
          Condition.PROGRAMMED,
          false,
          StatusReason.PENDING,
          "%d of %d nodes have not acknowledged it: %s"
              .formatted(pending.size(), nodes.targeted(), named(pending)));
    }
    return new Condition(
        Condition.PROGRAMMED,
        true,
        StatusReason.IN_FORCE,
        nodes.targeted() == 0
            ? "it concerns no node"
            : "in force on all %d nodes".formatted(nodes.targeted()));
  }

  private static Condition degraded(PolicyReach reach, PolicyStatus.Nodes nodes) {
    if (nodes.failed() > 0) {
      return new Condition(Condition.DEGRADED, true, StatusReason.REFUSED, nodes.firstError());
    }
    if (reach.nodes().isEmpty()) {
      return new Condition(
          Condition.DEGRADED, true, StatusReason.NO_PODS, "its selectors match no pod");
    }
    if (reach.untouched().size() == reach.pods().size() && !reach.pods().isEmpty()) {
      return new Condition(Condition.DEGRADED, true, StatusReason.NO_EFFECT, noEffect(reach));
    }
    if (reach.equal().isPresent()) {
      return new Condition(
          Condition.DEGRADED,
          true,
          StatusReason.CONTRADICTED,
          "%s is as specific, has the same priority and says something else; as the older one it"
                  .formatted(reach.equal().get())
              + " decides on the pods that both select");
    }
    if (!reach.decides()) {
      return new Condition(
          Condition.DEGRADED,
          true,
          StatusReason.SHADOWED,
          "on every pod that it selects another policy outranks it: "
              + String.join(", ", new TreeSet<>(reach.rivals()).stream().limit(3).toList()));
    }
    return new Condition(
        Condition.DEGRADED,
        false,
        StatusReason.AS_INTENDED,
        reach.untouched().isEmpty() ? "nothing is wrong with it" : noEffect(reach));
  }

  private static String noEffect(PolicyReach reach) {
    return "it has no effect on %d of its %d pods, which use the node's network: %s"
        .formatted(
            reach.untouched().size(), reach.pods().size(), named(new TreeSet<>(reach.untouched())));
  }

  private static String named(SortedSet<String> names) {
    int more = names.size() - NAMED_MAX;
    return names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** Of the bytes between members, those handed from socket to socket; nothing without bytes. */
  private static Optional<String> share(Counters traffic) {
    long all = traffic.getBytesRedirected() + traffic.getBytesPassed();
    return all == 0
        ? Optional.empty()
        : Optional.of(Math.round(100.0 * traffic.getBytesRedirected() / all) + "%");
  }
}
