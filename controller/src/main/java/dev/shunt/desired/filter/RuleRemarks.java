package dev.shunt.desired.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds rules that cannot do what their author may expect. Pure. */
public final class RuleRemarks {
  private RuleRemarks() {}

  /** Remarks about the rules of a filter, each with the rule's name; empty when there are none. */
  public static List<String> about(TrafficFilter filter, FailSafe failSafe) {
    List<String> remarks = new ArrayList<>();
    for (int i = 0; i < filter.rules().size(); i++) {
      FilterRule rule = filter.rules().get(i);
      if (isImpossible(filter, rule.match())) {
        remarks.add(
            "rule " + rule.name() + ": matches no packet: its addresses exclude each other");
      }
      for (FilterRule earlier : filter.rules().subList(0, i)) {
        if (filter.modeOf(earlier) == FilterMode.ENFORCE && covers(earlier.match(), rule.match())) {
          remarks.add(
              "rule " + rule.name() + ": never decides: rule " + earlier.name() + " covers it");
          break;
        }
      }
      if (filter.lockout() == Lockout.REFUSED && locksOut(rule, failSafe)) {
        remarks.add(
            "rule "
                + rule.name()
                + ": fail-safe ports "
                + failSafe.ports()
                + " stay open (allowLockout: true denies them too)");
      }
    }
    return List.copyOf(remarks);
  }

  private static boolean isImpossible(TrafficFilter filter, FilterMatch match) {
    boolean ingress = filter.where().direction() == FilterDirection.INGRESS;
    List<Cidr> near = ingress ? match.sources() : match.destinations();
    List<Cidr> other = ingress ? match.destinations() : match.sources();
    return exclude(match.remotes(), near)
        || Stream.of(IpFamily.values())
            .noneMatch(
                family ->
                    Stream.of(match.remotes(), near, other)
                        .allMatch(list -> list.isEmpty() || has(list, family)));
  }

  private static boolean exclude(List<Cidr> some, List<Cidr> others) {
    return !some.isEmpty()
        && !others.isEmpty()
        && some.stream()
            .noneMatch(a -> others.stream().anyMatch(b -> a.contains(b) || b.contains(a)));
  }

  private static boolean has(List<Cidr> cidrs, IpFamily family) {
    return cidrs.stream().anyMatch(cidr -> cidr.family() == family);
  }

  /** Whether whatever the second matches, the first matches too; false when it is not obvious. */
  private static boolean covers(FilterMatch first, FilterMatch second) {
    return Stream.<Function<FilterMatch, List<Cidr>>>of(
                FilterMatch::remotes, FilterMatch::sources, FilterMatch::destinations)
            .allMatch(list -> coversAddresses(list.apply(first), list.apply(second)))
        && (first.protocol() == FilterProtocol.ANY || first.protocol() == second.protocol())
        && (first.fragments() == FragmentMatch.ANY || first.fragments() == second.fragments())
        && coversAll(first.sourcePorts(), second.sourcePorts())
        && coversAll(first.destinationPorts(), second.destinationPorts())
        && coversAll(first.icmp(), second.icmp());
  }

  private static boolean coversAddresses(List<Cidr> first, List<Cidr> second) {
    return first.isEmpty()
        || (!second.isEmpty()
            && second.stream().allMatch(b -> first.stream().anyMatch(a -> a.contains(b))));
  }

  private static <T> boolean coversAll(List<T> first, List<T> second) {
    return first.isEmpty() || (!second.isEmpty() && first.containsAll(second));
  }

  private static boolean locksOut(FilterRule rule, FailSafe failSafe) {
    FilterMatch match = rule.match();
    if (rule.action().kind() == FilterAction.Kind.ALLOW
        || (match.protocol() != FilterProtocol.ANY && match.protocol() != FilterProtocol.TCP)) {
      return false;
    }
    return failSafe.ports().stream()
        .anyMatch(
            open ->
                match.destinationPorts().isEmpty()
                    || match.destinationPorts().stream()
                        .anyMatch(r -> r.first() <= open.last() && r.last() >= open.first()));
  }
}
