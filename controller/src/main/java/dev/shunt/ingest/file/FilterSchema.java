package dev.shunt.ingest.file;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PolicyName;
import dev.shunt.desired.PolicyOrigin;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterHook;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FilterSubject;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.XdpFallback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code spec} of a TrafficFilter. Strict: the first fault ends it. */
final class FilterSchema {
  private static final int INTERFACES_MAX = 64;
  private static final String INTERFACE = "an interface name or glob, at most 15 characters";
  private static final List<String> SPEC =
      List.of("direction", "mode", "priority", "allowLockout", "rules");

  /** Of interfaces of the node; in a cluster no namespace has a say in those. */
  private static final List<String> OF_NODE =
      List.of("hook", "interfaces", "defaultRoute", "xdpFallback");

  private FilterSchema() {}

  static FilterPolicy read(Field spec, SpecFields asked, PolicyName name, PolicyOrigin origin)
      throws FieldFault {
    SpecFields known = asked.isOfOneNamespace() ? asked : asked.with(OF_NODE);
    Map<String, Field> fields = known.with(SPEC).read(spec);
    FilterPlacement where = where(fields, spec, asked);
    Lockout lockout = RuleSchema.lockout(fields);
    Field list = RuleSchema.required(fields, "rules", "a list of rules", spec);
    List<FilterRule> rules = new ArrayList<>();
    for (Field item : list.list(TrafficFilter.RULES_MAX)) {
      FilterRule rule = PacketRuleSchema.read(item, lockout);
      if (rules.stream().anyMatch(other -> other.name().equals(rule.name()))) {
        throw FieldFault.of(
            item.line(), item.path() + ".name", rule.name(), "a name used once in the filter");
      }
      rules.add(rule);
    }
    if (rules.isEmpty()) {
      throw list.fault("none", "at least one rule");
    }
    TrafficFilter filter =
        new TrafficFilter(
            new FilterName(name.namespace(), name.name()),
            where,
            RuleSchema.priority(fields, TrafficFilter.PRIORITY_MAX),
            RuleSchema.mode(fields).orElse(FilterMode.ENFORCE),
            lockout,
            rules);
    return new FilterPolicy(name, filter, origin);
  }

  private static FilterPlacement where(Map<String, Field> fields, Field spec, SpecFields asked)
      throws FieldFault {
    FilterHook hook = oneOf(fields.get("hook"), FilterHook.TC);
    FilterDirection direction = oneOf(fields.get("direction"), FilterDirection.INGRESS);
    XdpFallback fallback = oneOf(fields.get("xdpFallback"), XdpFallback.NONE);
    Field defaultRoute = fields.get("defaultRoute");
    boolean route = defaultRoute != null && defaultRoute.bool();
    Field interfaces = fields.get("interfaces");
    Field pods = fields.get(asked.selectorField());
    int given = (route ? 1 : 0) + (interfaces == null ? 0 : 1) + (pods == null ? 0 : 1);
    if (given != 1) {
      throw FieldFault.of(
          spec.line(),
          "spec",
          given == 0 ? "no place" : given + " places",
          asked.isOfOneNamespace()
              ? asked.selectorField()
              : "one of " + asked.selectorField() + ", interfaces, defaultRoute");
    }
    FilterSubject subject =
        route
            ? FilterSubject.DEFAULT_ROUTE
            : pods == null ? FilterSubject.INTERFACES : FilterSubject.PODS;
    check(fields, hook, direction, pods);
    List<String> names = route ? List.of() : pods == null ? names(interfaces) : List.of(pod(pods));
    return new FilterPlacement(hook, direction, subject, names, fallback);
  }

  /** What goes together. */
  private static void check(
      Map<String, Field> fields, FilterHook hook, FilterDirection direction, @Nullable Field pods)
      throws FieldFault {
    Field asked = fields.get("hook");
    if (asked != null && hook == FilterHook.XDP && direction == FilterDirection.EGRESS) {
      throw asked.fault("xdp", "tc with direction egress");
    }
    if (asked != null && hook == FilterHook.XDP && pods != null) {
      throw asked.fault("xdp", "tc with " + pods.name());
    }
    for (String narrowing : List.of("namespaceSelector", "canary")) {
      Field field = fields.get(narrowing);
      if (field != null && pods == null) {
        throw field.fault("given", "only with podSelector");
      }
    }
  }

  private static <E extends Enum<E>> E oneOf(@Nullable Field field, E fallback) throws FieldFault {
    return field == null ? fallback : field.oneOf(fallback.getDeclaringClass());
  }

  private static List<String> names(@Nullable Field field) throws FieldFault {
    List<String> names = new ArrayList<>();
    if (field != null) {
      for (Field item : field.list(INTERFACES_MAX)) {
        names.add(item.text(Syntax::isInterface, INTERFACE));
      }
      if (names.isEmpty()) {
        throw field.fault("none", "at least one name or glob");
      }
    }
    return names;
  }

  /** In a cluster the pods are known later, and by their labels. */
  private static String pod(Field field) throws FieldFault {
    if (field.name().equals("podSelector")) {
      return "*";
    }
    HostSelector selector = SelectorSchema.selector(field, List.of("networkNamespace"));
    return selector.networkNamespace().orElse("*");
  }
}
