package dev.shunt.reconcile.filter;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.ReferenceMatcher;
import java.util.List;

/**
 * A point as it is in force.
 *
 * @param wanted what it was asked for
 * @param pod whose veth ends at its interface, whoever asked for it; empty for the others
 * @param rules in the kernel
 * @param attachment how it is attached
 * @param condition empty when all is well
 * @param generation of the rules
 */
record ForcedPoint(
    WantedPoint wanted,
    String pod,
    PointRules rules,
    FilterPointState.Attachment attachment,
    String condition,
    long generation) {
  private static final String LOOPBACK = "lo";

  /** See {@link PacketFilters#mayDrop}. */
  boolean mayDrop(String namespace, TcpEnds ends) {
    boolean loopback =
        namespace.equals(NetworkNamespace.HOST) && wanted.device().name().equals(LOOPBACK);
    if (!rules.canDrop() || !(loopback || (!pod.isEmpty() && pod.equals(namespace)))) {
      return false;
    }
    ReferenceMatcher matcher = new ReferenceMatcher(rules);
    boolean intoPod = wanted.point().hook() == FilterPoint.TC_EGRESS;
    return ((loopback || intoPod) && drops(matcher, ends.received()))
        || ((loopback || !intoPod) && drops(matcher, ends.sent()));
  }

  private static boolean drops(ReferenceMatcher matcher, PacketFacts packet) {
    return matcher.decide(packet).action() != FilterAction.Kind.ALLOW;
  }

  FilterPointState state() {
    List<FilterName> filters = rules.rules().stream().map(PointRule::filter).distinct().toList();
    return new FilterPointState(
        wanted.name(),
        wanted.device().name(),
        wanted.device().ifindex(),
        attachment,
        condition,
        filters,
        rules.rules().size(),
        generation);
  }
}
