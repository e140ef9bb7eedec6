package dev.shunt.desired.connect;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.Lockout;
import java.util.List;

/**
 * A rule as it stands among all rules of the node.
 *
 * @param policy it comes from
 * @param rule itself
 */
public record PlacedRule(ConnectPolicy policy, ConnectRule rule) {
  /** {@code namespace/policy/rule} or {@code cluster:policy/rule}; unique on the node. */
  public String id() {
    return policy.name().endpointName() + "/" + rule.name();
  }

  /** The mode in force. */
  public FilterMode mode() {
    return rule.mode().orElse(policy.settings().mode());
  }

  /** Whether it may decide about attempts to fail-safe ports. */
  public boolean holdsForFailSafe() {
    return policy.settings().lockout() == Lockout.ALLOWED || rule.action() == ConnectAction.ALLOW;
  }

  /** Whether it matches a fail-safe port, and is passed over there. */
  public boolean yieldsTo(FailSafe failSafe) {
    return !holdsForFailSafe()
        && rule.target().protocol().covers(ConnectProtocol.TCP)
        && (rule.target().ports().isEmpty()
            || rule.target().ports().stream().anyMatch(range -> touches(range, failSafe.ports())));
  }

  private static boolean touches(PortRange range, List<PortRange> others) {
    return others.stream()
        .anyMatch(other -> range.first() <= other.last() && other.first() <= range.last());
  }

  /** Executables whose attempts it is about; empty: any. */
  public List<String> executables() {
    return policy.selector().executable().map(List::of).orElse(rule.executables());
  }

  /** Cgroups whose attempts it is about, each with those below it; empty: any. */
  public List<String> cgroups() {
    return policy.podCgroups().isEmpty()
        ? policy.selector().cgroupPath().map(List::of).orElse(List.of())
        : policy.podCgroups();
  }
}
