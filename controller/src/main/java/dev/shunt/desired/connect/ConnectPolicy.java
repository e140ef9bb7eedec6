package dev.shunt.desired.connect;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.NamedPolicy;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rules about the connections of some callers.
 *
 * @param name unique on the node
 * @param selector which callers
 * @param podCgroups cgroups of the pods whose callers are meant; empty outside a cluster: the
 *     selector alone says
 * @param settings of all rules
 * @param rules in order, 1..{@link ConnectRules#RULES_MAX}, names unique
 * @param origin where it comes from
 */
public record ConnectPolicy(
    PolicyName name,
    HostSelector selector,
    List<String> podCgroups,
    ConnectSettings settings,
    List<ConnectRule> rules,
    PolicyOrigin origin)
    implements NamedPolicy {
  /** Copies the lists and checks bound and names of the rules. */
  public ConnectPolicy {
    podCgroups = List.copyOf(podCgroups);
    rules = List.copyOf(rules);
    if (rules.isEmpty() || rules.size() > ConnectRules.RULES_MAX) {
      throw new IllegalArgumentException("rules: " + rules.size() + " (expected: 1..1024)");
    }
    Set<String> names = new HashSet<>();
    for (ConnectRule rule : rules) {
      if (!names.add(rule.name())) {
        throw new IllegalArgumentException("rule name: " + rule.name() + " (expected: unique)");
      }
    }
  }

  /** A policy that its selector alone limits. */
  public ConnectPolicy(
      PolicyName name,
      HostSelector selector,
      ConnectSettings settings,
      List<ConnectRule> rules,
      PolicyOrigin origin) {
    this(name, selector, List.of(), settings, rules, origin);
  }

  /** The same for callers in these cgroups. */
  public ConnectPolicy about(List<String> cgroups, List<ConnectRule> rulesThere) {
    return new ConnectPolicy(name, selector, cgroups, settings, rulesThere, origin);
  }

  @Override
  public boolean changesConnections() {
    return false;
  }
}
