package dev.shunt.ingest.file;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a rule of a TrafficFilter. Strict: the first fault ends it. */
final class PacketRuleSchema {
  private static final int ICMP_MAX = 64;
  private static final String ICMP = "a type 0..255, or type/code";
  private static final Pattern ICMP_TYPE =
      Pattern.compile("(0|[1-9][0-9]{0,2})(?:/(0|[1-9][0-9]{0,2}))?");
  private static final List<String> RULE =
      List.of(
          "name",
          "action",
          "mode",
          "remote",
          "from",
          "to",
          "protocol",
          "ports",
          "sourcePorts",
          "icmp",
          "fragments",
          "rateLimit");
  private static final List<String> LIMIT =
      List.of("packetsPerSecond", "bytesPerSecond", "burst", "per");

  private PacketRuleSchema() {}

  static FilterRule read(Field item, Lockout lockout) throws FieldFault {
    Map<String, Field> fields = item.mapping(RULE);
    String name = RuleSchema.name(fields, item);
    FilterAction action = action(fields, item);
    Field protocol = fields.get("protocol");
    FilterProtocol wanted =
        protocol == null ? FilterProtocol.ANY : protocol.oneOf(FilterProtocol.class);
    List<PortRange> ports = ports(fields.get("ports"), wanted);
    List<PortRange> sourcePorts = ports(fields.get("sourcePorts"), wanted);
    boolean cuts = action.kind() != FilterAction.Kind.ALLOW && wanted == FilterProtocol.TCP;
    if (cuts && lockout == Lockout.REFUSED) {
      RuleSchema.checkLockout(fields.get("ports"), ports);
    }
    Field fragments = fields.get("fragments");
    FilterMatch match =
        new FilterMatch(
            RuleSchema.cidrs(fields.get("remote")),
            RuleSchema.cidrs(fields.get("from")),
            RuleSchema.cidrs(fields.get("to")),
            wanted,
            sourcePorts,
            ports,
            icmp(fields.get("icmp"), wanted),
            fragments == null ? FragmentMatch.ANY : fragments.oneOf(FragmentMatch.class));
    return new FilterRule(name, match, action, RuleSchema.mode(fields));
  }

  private static FilterAction action(Map<String, Field> fields, Field item) throws FieldFault {
    FilterAction.Kind kind =
        RuleSchema.required(fields, "action", "allow, deny, rate_limit", item)
            .oneOf(FilterAction.Kind.class);
    Field limit = fields.get("rateLimit");
    if (kind != FilterAction.Kind.RATE_LIMIT) {
      if (limit != null) {
        throw limit.fault("given", "only with action rate_limit");
      }
      return kind == FilterAction.Kind.ALLOW ? FilterAction.ALLOW : FilterAction.DENY;
    }
    if (limit == null) {
      throw FieldFault.of(
          item.line(), item.path() + ".rateLimit", "missing", "a rate with action rate_limit");
    }
    return FilterAction.rateLimit(limit(limit));
  }

  private static RateLimit limit(Field limit) throws FieldFault {
    Map<String, Field> fields = limit.mapping(LIMIT);
    Field packets = fields.get("packetsPerSecond");
    Field bytes = fields.get("bytesPerSecond");
    if ((packets == null) == (bytes == null)) {
      throw limit.fault(
          packets == null ? "no rate" : "two rates", "one of packetsPerSecond, bytesPerSecond");
    }
    RateLimit.Unit unit = packets == null ? RateLimit.Unit.BYTES : RateLimit.Unit.PACKETS;
    Field rate = packets == null ? Objects.requireNonNull(bytes) : packets;
    long perSecond = number(rate);
    Field burst = fields.get("burst");
    Field per = fields.get("per");
    RateLimit.Scope scope = per == null ? RateLimit.Scope.RULE : per.oneOf(RateLimit.Scope.class);
    try {
      return new RateLimit(perSecond, unit, burst(burst, unit, perSecond), scope);
    } catch (IllegalArgumentException wrong) {
      String text = String.valueOf(wrong.getMessage());
      Field which = text.startsWith("burst") && burst != null ? burst : rate;
      String bound = text.substring(text.indexOf("(expected: ") + "(expected: ".length());
      throw which.fault(which.scalar("a number"), bound.substring(0, bound.length() - 1));
    }
  }

  /** A tenth of a second's worth, within the bounds. */
  private static long burst(@Nullable Field burst, RateLimit.Unit unit, long perSecond)
      throws FieldFault {
    if (burst != null) {
      return number(burst);
    }
    return unit == RateLimit.Unit.PACKETS
        ? Math.min(1_000_000L, Math.max(1, perSecond / 10))
        : Math.min(1_000_000_000L, Math.max(1_600, perSecond / 10));
  }

  private static long number(Field field) throws FieldFault {
    String value = field.scalar("a number");
    if (!value.matches("[0-9]{1,15}")) {
      throw field.fault(value, "a number");
    }
    return Long.parseLong(value);
  }

  private static List<PortRange> ports(@Nullable Field field, FilterProtocol protocol)
      throws FieldFault {
    List<PortRange> ports = SelectorSchema.ports(field, RuleSchema.PORTS_MAX);
    if (field != null && !protocol.hasPorts()) {
      throw field.fault("given", "only with protocol tcp, udp or sctp");
    }
    return ports;
  }

  private static List<IcmpMatch> icmp(@Nullable Field field, FilterProtocol protocol)
      throws FieldFault {
    List<IcmpMatch> types = new ArrayList<>();
    if (field == null) {
      return types;
    }
    if (!protocol.isIcmp()) {
      throw field.fault("given", "only with protocol icmp or icmpv6");
    }
    for (Field item : field.list(ICMP_MAX)) {
      String value = item.scalar(ICMP);
      Matcher matcher = ICMP_TYPE.matcher(value);
      if (!matcher.matches()) {
        throw item.fault(value, ICMP);
      }
      try {
        types.add(
            new IcmpMatch(
                Integer.parseInt(matcher.group(1)),
                matcher.group(2) == null
                    ? IcmpMatch.ANY_CODE
                    : Integer.parseInt(matcher.group(2))));
      } catch (IllegalArgumentException wrong) {
        throw item.fault(value, ICMP);
      }
    }
    return types;
  }
}
