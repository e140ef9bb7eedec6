package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import java.util.List;
import java.util.Optional;

/** Short forms of rules. */
final class TestRules {
  private TestRules() {}

  static PointRules point(PointRule... rules) {
    return new PointRules(FilterDirection.INGRESS, List.of(rules), FailSafe.DEFAULT);
  }

  static PointRule deny(FilterMatch match) {
    return rule("deny", FilterAction.DENY, match);
  }

  static PointRule rule(String name, FilterAction action, FilterMatch match) {
    return new PointRule(
        new FilterName("test", "table"),
        new FilterRule(name, match, action, Optional.empty()),
        FilterMode.ENFORCE,
        Lockout.REFUSED);
  }

  static PointRule monitor(FilterMatch match) {
    PointRule rule = deny(match);
    return new PointRule(rule.filter(), rule.rule(), FilterMode.MONITOR, rule.lockout());
  }

  static PointRule lockingOut(FilterMatch match) {
    PointRule rule = deny(match);
    return new PointRule(rule.filter(), rule.rule(), rule.mode(), Lockout.ALLOWED);
  }

  static FilterMatch protocol(FilterProtocol protocol) {
    return match(List.of(), List.of(), protocol, FragmentMatch.ANY);
  }

  static FilterMatch fragments(FragmentMatch fragments) {
    return match(List.of(), List.of(), FilterProtocol.ANY, fragments);
  }

  static FilterMatch source(String... cidrs) {
    return match(cidrs(cidrs), List.of(), FilterProtocol.ANY, FragmentMatch.ANY);
  }

  static FilterMatch to(String... cidrs) {
    return match(List.of(), cidrs(cidrs), FilterProtocol.ANY, FragmentMatch.ANY);
  }

  private static List<Cidr> cidrs(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }

  private static FilterMatch match(
      List<Cidr> sources, List<Cidr> destinations, FilterProtocol protocol, FragmentMatch pieces) {
    return new FilterMatch(
        List.of(), sources, destinations, protocol, List.of(), List.of(), List.of(), pieces);
  }

  static FilterMatch ports(FilterProtocol protocol, int first, int last) {
    return transport(protocol, List.of(), List.of(new PortRange(first, last)), List.of());
  }

  static FilterMatch sourcePorts(FilterProtocol protocol, int first, int last) {
    return transport(protocol, List.of(new PortRange(first, last)), List.of(), List.of());
  }

  static FilterMatch icmp(FilterProtocol protocol, int type, int code) {
    return transport(protocol, List.of(), List.of(), List.of(new IcmpMatch(type, code)));
  }

  private static FilterMatch transport(
      FilterProtocol protocol, List<PortRange> from, List<PortRange> to, List<IcmpMatch> icmp) {
    return new FilterMatch(
        List.of(), List.of(), List.of(), protocol, from, to, icmp, FragmentMatch.ANY);
  }
}
