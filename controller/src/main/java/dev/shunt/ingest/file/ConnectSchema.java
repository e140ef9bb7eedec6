package dev.shunt.ingest.file;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectProtocol;
import dev.shunt.desired.connect.ConnectRule;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.desired.connect.ConnectSettings;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.Lockout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of a ConnectPolicy. Strict: the first fault ends it. */
final class ConnectSchema {
  private static final int EXECUTABLES_MAX = 64;
  private static final List<String> SPEC = List.of("mode", "priority", "allowLockout", "rules");
  private static final List<String> RULE =
      List.of("name", "action", "mode", "executables", "to", "protocol", "ports");

  private ConnectSchema() {}

  static ConnectPolicy read(Field spec, SpecFields asked, PolicyName name, PolicyOrigin origin)
      throws FieldFault {
    Map<String, Field> fields = asked.with(SPEC).read(spec);
    HostSelector selector =
        SelectorSchema.selector(fields.get("hostSelector"), SelectorSchema.HOST_SELECTOR);
    ConnectSettings settings =
        new ConnectSettings(
            RuleSchema.priority(fields, ConnectSettings.PRIORITY_MAX),
            RuleSchema.mode(fields).orElse(FilterMode.ENFORCE),
            RuleSchema.lockout(fields));
    Field list = RuleSchema.required(fields, "rules", "a list of rules", spec);
    List<ConnectRule> rules = new ArrayList<>();
    for (Field item : list.list(ConnectRules.RULES_MAX)) {
      ConnectRule rule = rule(item, selector, settings.lockout());
      if (rules.stream().anyMatch(other -> other.name().equals(rule.name()))) {
        throw FieldFault.of(
            item.line(), item.path() + ".name", rule.name(), "a name used once in the policy");
      }
      rules.add(rule);
    }
    if (rules.isEmpty()) {
      throw list.fault("none", "at least one rule");
    }
    return new ConnectPolicy(name, selector, settings, rules, origin);
  }

  private static ConnectRule rule(Field item, HostSelector selector, Lockout lockout)
      throws FieldFault {
    Map<String, Field> fields = item.mapping(RULE);
    String name = RuleSchema.name(fields, item);
    ConnectAction action =
        RuleSchema.required(fields, "action", "allow, deny", item).oneOf(ConnectAction.class);
    Field protocol = fields.get("protocol");
    ConnectProtocol wanted =
        protocol == null ? ConnectProtocol.ANY : protocol.oneOf(ConnectProtocol.class);
    Field ports = fields.get("ports");
    List<PortRange> ranges = SelectorSchema.ports(ports, RuleSchema.PORTS_MAX);
    if (action == ConnectAction.DENY
        && lockout == Lockout.REFUSED
        && wanted.covers(ConnectProtocol.TCP)) {
      RuleSchema.checkLockout(ports, ranges);
    }
    Optional<FilterMode> mode = RuleSchema.mode(fields);
    List<String> executables = executables(fields.get("executables"), selector);
    return new ConnectRule(
        name, action, mode, executables, new ConnectTarget(to(fields.get("to")), wanted, ranges));
  }

  /** The kernel takes the unspecified address for loopback, so no attempt has it. */
  private static List<Cidr> to(@Nullable Field field) throws FieldFault {
    List<Cidr> cidrs = RuleSchema.cidrs(field);
    for (int i = 0; i < cidrs.size(); i++) {
      Cidr cidr = cidrs.get(i);
      if (field != null
          && cidr.bits() == cidr.family().bits()
          && cidr.address().high() == 0
          && (int) cidr.address().low() == 0) {
        throw field
            .list(RuleSchema.CIDRS_MAX)
            .get(i)
            .fault(cidr.address().toString(), "127.0.0.1 or ::1, which the kernel takes it for");
      }
    }
    return cidrs;
  }

  private static List<String> executables(@Nullable Field field, HostSelector selector)
      throws FieldFault {
    List<String> paths = new ArrayList<>();
    if (field == null) {
      return paths;
    }
    for (Field item : field.list(EXECUTABLES_MAX)) {
      paths.add(item.text(Syntax::isAbsolutePath, Syntax.EXECUTABLE));
    }
    if (selector.executable().isPresent() && !paths.contains(selector.executable().get())) {
      throw field.fault(
          String.join(", ", paths),
          selector.executable().get() + ", as spec.hostSelector.executable says");
    }
    return paths;
  }
}
