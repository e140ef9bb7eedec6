package dev.shunt.ingest.file;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.IpFamily;
import dev.shunt.desired.filter.Lockout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fields that rules about connections and rules about packets share. Stateless. */
final class RuleSchema {
  /** Most CIDRs of one list. */
  static final int CIDRS_MAX = 10_000;

  /** Most port ranges of one list. */
  static final int PORTS_MAX = 64;

  private static final String CIDR = "a CIDR such as 10.0.0.0/8 or fd00::/8, or an address";
  private static final String RULE_NAME = "lower case letters, digits and '-', at most 63";
  private static final int MAPPED_BITS = 96;

  private RuleSchema() {}

  static String name(Map<String, Field> rule, Field parent) throws FieldFault {
    return required(rule, "name", RULE_NAME, parent).text(Syntax::isNamespace, RULE_NAME);
  }

  static Field required(Map<String, Field> fields, String name, String expected, Field parent)
      throws FieldFault {
    Field field = fields.get(name);
    if (field == null) {
      throw FieldFault.of(parent.line(), parent.path() + "." + name, "missing", expected);
    }
    return field;
  }

  static Optional<FilterMode> mode(Map<String, Field> fields) throws FieldFault {
    Field mode = fields.get("mode");
    return mode == null ? Optional.empty() : Optional.of(mode.oneOf(FilterMode.class));
  }

  static Lockout lockout(Map<String, Field> fields) throws FieldFault {
    Field allow = fields.get("allowLockout");
    return allow != null && allow.bool() ? Lockout.ALLOWED : Lockout.REFUSED;
  }

  static int priority(Map<String, Field> fields, int most) throws FieldFault {
    Field priority = fields.get("priority");
    return priority == null ? 0 : priority.integer(-most, most);
  }

  /** A list of CIDRs; none when it is left out. */
  static List<Cidr> cidrs(@Nullable Field field) throws FieldFault {
    List<Cidr> cidrs = new ArrayList<>();
    if (field != null) {
      for (Field item : field.list(CIDRS_MAX)) {
        cidrs.add(cidr(item));
      }
    }
    return cidrs;
  }

  private static Cidr cidr(Field item) throws FieldFault {
    String value = item.scalar(CIDR);
    Cidr cidr;
    try {
      cidr = Cidr.parse(value);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      int bound = reason.indexOf("(expected: ");
      throw item.fault(
          value,
          bound < 0 ? CIDR : reason.substring(bound + "(expected: ".length(), reason.length() - 1));
    }
    if (cidr.family() == IpFamily.V6
        && cidr.bits() >= MAPPED_BITS
        && cidr.address().high() == 0
        && cidr.address().low() >>> Integer.SIZE == 0xffff) {
      throw item.fault(value, "the IPv4 CIDR, which v4-mapped addresses match too");
    }
    return cidr;
  }

  /** Refuses a rule that denies nothing but fail-safe ports, which stay open. */
  static void checkLockout(@Nullable Field ports, List<PortRange> ranges) throws FieldFault {
    if (ports == null) {
      return;
    }
    List<Field> items = ports.list(PORTS_MAX);
    for (int i = 0; i < items.size(); i++) {
      PortRange range = ranges.get(i);
      boolean failSafe =
          FailSafe.DEFAULT.ports().stream()
              .anyMatch(open -> open.first() <= range.first() && range.last() <= open.last());
      if (failSafe) {
        throw items
            .get(i)
            .fault(range.toString(), "no fail-safe port (22, 6443, 10250) without allowLockout");
      }
    }
  }
}
