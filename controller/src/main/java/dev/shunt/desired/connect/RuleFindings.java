package dev.shunt.desired.connect;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is odd about rules although it is no fault. Stateless. */
public final class RuleFindings {
  private RuleFindings() {}

  /**
   * Something that the author of a rule should know.
   *
   * @param rule its id
   * @param kind of finding
   * @param text one sentence
   */
  public record Finding(String rule, Kind kind, String text) {}

  /** Kinds of finding. */
  public enum Kind {
    /** An earlier rule matches everything that this one does. */
    SHADOWED,
    /** It does not hold for fail-safe ports. */
    FAIL_SAFE,
    /** It names something that does not exist yet. */
    PENDING
  }

  /** Looks at rules that stand in order. */
  public static List<Finding> of(ConnectRules rules) {
    List<Finding> findings = new ArrayList<>();
    List<Cover> before = new ArrayList<>();
    for (PlacedRule rule : rules.rules()) {
      Optional<Cover> by = before.stream().filter(earlier -> earlier.covers(rule)).findFirst();
      by.ifPresent(
          cover ->
              findings.add(
                  new Finding(
                      rule.id(),
                      Kind.SHADOWED,
                      "never decides: %s before it matches all that it does"
                          .formatted(cover.rule.id()))));
      if (rule.yieldsTo(rules.failSafe())) {
        findings.add(
            new Finding(
                rule.id(),
                Kind.FAIL_SAFE,
                "does not hold for TCP ports %s: allowLockout is not set"
                    .formatted(rules.failSafe().ports())));
      }
      if (rule.mode() == FilterMode.ENFORCE) {
        before.add(new Cover(rule));
      }
    }
    return findings;
  }

  /** An enforcing rule, ready to be compared. */
  private static final class Cover {
    final PlacedRule rule;
    private final Set<Cidr> to;
    private final Set<Integer> lengths = new TreeSet<>();

    Cover(PlacedRule rule) {
      this.rule = rule;
      to = new HashSet<>(rule.rule().target().to());
      to.forEach(cidr -> lengths.add(cidr.bits()));
    }

    boolean covers(PlacedRule later) {
      ConnectTarget mine = rule.rule().target();
      ConnectTarget theirs = later.rule().target();
      return mine.protocol().covers(theirs.protocol())
          && (rule.holdsForFailSafe() || !later.holdsForFailSafe())
          && selects(rule, later)
          && (rule.executables().isEmpty()
              || (!later.executables().isEmpty()
                  && rule.executables().containsAll(later.executables())))
          && coversPorts(mine.ports(), theirs.ports())
          && coversAddresses(theirs.to());
    }

    private static boolean selects(PlacedRule wide, PlacedRule narrow) {
      Optional<String> namespace = wide.policy().selector().networkNamespace();
      return (namespace.isEmpty()
              || namespace.equals(narrow.policy().selector().networkNamespace()))
          && (wide.cgroups().isEmpty()
              || (!narrow.cgroups().isEmpty()
                  && narrow.cgroups().stream().allMatch(path -> isBelow(path, wide.cgroups()))));
    }

    private static boolean isBelow(String path, List<String> cgroups) {
      return cgroups.stream().anyMatch(above -> (path + "/").startsWith(above + "/"));
    }

    private static boolean coversPorts(List<PortRange> wide, List<PortRange> narrow) {
      if (wide.isEmpty()) {
        return true;
      }
      return !narrow.isEmpty()
          && narrow.stream()
              .allMatch(
                  range ->
                      wide.stream()
                          .anyMatch(
                              other ->
                                  other.first() <= range.first() && other.last() >= range.last()));
    }

    private boolean coversAddresses(List<Cidr> narrow) {
      if (to.isEmpty()) {
        return true;
      }
      return !narrow.isEmpty() && narrow.stream().allMatch(this::contains);
    }

    private boolean contains(Cidr cidr) {
      return lengths.stream()
          .anyMatch(bits -> bits <= cidr.bits() && to.contains(Cidr.around(cidr.address(), bits)));
    }
  }
}
