package dev.shunt.desired.filter.compile;

import dev.shunt.desired.PortRange;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FragmentKind;
import dev.shunt.desired.filter.IcmpMatch;
import dev.shunt.desired.filter.IpFamily;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Turns the rules of a point into pages. One use each, by one thread. */
public final class RuleSetCompiler {
  private static final int CODES = 256;

  /** By {@code enum filter_scope}. */
  private static final List<Predicate<PointRule>> SCOPES =
      List.of(
          rule -> true,
          PointRule::holdsForFailSafe,
          RuleSetCompiler::acts,
          rule -> rule.holdsForFailSafe() && acts(rule));

  private final PointRules point;
  private final FilterPages pages = new FilterPages();
  private final BitmapPool bitmaps = new BitmapPool(pages);
  private final AddressTable addresses = new AddressTable(pages, bitmaps);
  private final RowPool rows = new RowPool(pages);
  private final PortTable ports = new PortTable(rows);

  private RuleSetCompiler(PointRules point) {
    this.point = point;
    pages.add(); // the header's
  }

  /**
   * Compiles.
   *
   * @param slots gives the rules their numbers
   * @param generation to write into the set
   */
  public static CompiledRules compile(PointRules point, Slots slots, long generation) {
    RuleSetCompiler compiler = new RuleSetCompiler(point);
    compiler.writeHeader(slots, generation);
    return new CompiledRules(compiler.pages.all(), generation);
  }

  private void writeHeader(Slots slots, long generation) {
    ByteBuffer header = pages.page(0);
    header.putLong(generation);
    header.putInt(flags());
    header.putInt(RuleRows.write(pages, point.rules(), slots));
    for (Direction end : Direction.values()) {
      for (IpFamily family : IpFamily.values()) {
        header.putInt(addressTable(end, family));
      }
    }
    header.putInt(portTable(FilterMatch::sourcePorts));
    header.putInt(portTable(FilterMatch::destinationPorts));
    header.putInt(icmpTable());
    header.putInt(classOf(rule -> !rule.rule().match().needsTransportHeader()));
    header.putInt(classOf(rule -> true));
    header.putInt(0);
    for (Predicate<PointRule> scope : SCOPES) {
      for (FragmentKind kind : FragmentKind.values()) {
        header.putInt(protocolTable(scope, kind));
      }
    }
  }

  private int flags() {
    boolean monitors = point.rules().stream().anyMatch(rule -> rule.mode() == FilterMode.MONITOR);
    return (monitors ? 1 : 0) | (point.canDrop() ? 2 : 0);
  }

  private static boolean acts(PointRule rule) {
    return rule.mode() == FilterMode.ENFORCE;
  }

  private int classOf(Predicate<PointRule> holds) {
    return bitmaps.classOf(rulesThat(holds));
  }

  private BitSet rulesThat(Predicate<PointRule> holds) {
    BitSet rules = new BitSet();
    for (int i = 0; i < point.rules().size(); i++) {
      rules.set(i, holds.test(point.rules().get(i)));
    }
    return rules;
  }

  /** Which end of a packet an address belongs to. */
  private enum Direction {
    SOURCE,
    DESTINATION
  }

  private int addressTable(Direction end, IpFamily family) {
    Map<Cidr, BitSet> rulesOfCidr = new HashMap<>();
    BitSet everywhere = new BitSet();
    for (int i = 0; i < point.rules().size(); i++) {
      FilterMatch match = point.rules().get(i).rule().match();
      List<Cidr> own = end == Direction.SOURCE ? match.sources() : match.destinations();
      List<Cidr> remote = isRemote(end) ? match.remotes() : List.of();
      if (own.isEmpty() && remote.isEmpty()) {
        everywhere.set(i);
      }
      for (Cidr cidr : Intersection.of(own, remote)) {
        if (cidr.family() == family) {
          rulesOfCidr.computeIfAbsent(cidr, key -> new BitSet()).set(i);
        }
      }
    }
    return addresses.write(family, rulesOfCidr, everywhere);
  }

  private boolean isRemote(Direction end) {
    return (end == Direction.SOURCE) == (point.direction() == FilterDirection.INGRESS);
  }

  private int portTable(Function<FilterMatch, List<PortRange>> rangesOf) {
    BitSet[] rules = keys(rule -> rangesOf.apply(rule.rule().match()).isEmpty());
    for (int i = 0; i < point.rules().size(); i++) {
      for (PortRange range : rangesOf.apply(point.rules().get(i).rule().match())) {
        set(rules, range.first(), range.last(), i);
      }
    }
    FailSafe failSafe = point.failSafe();
    return ports.write(classes(rules, failSafe::protectsPort));
  }

  private int icmpTable() {
    BitSet[] rules = keys(rule -> rule.rule().match().icmp().isEmpty());
    for (int i = 0; i < point.rules().size(); i++) {
      for (IcmpMatch icmp : point.rules().get(i).rule().match().icmp()) {
        int first = icmp.type() << Byte.SIZE;
        if (icmp.code() == IcmpMatch.ANY_CODE) {
          set(rules, first, first + CODES - 1, i);
        } else {
          set(rules, first + icmp.code(), first + icmp.code(), i);
        }
      }
    }
    FailSafe failSafe = point.failSafe();
    return ports.write(classes(rules, key -> failSafe.protectsIcmpv6(key >> Byte.SIZE)));
  }

  /* One object for runs of equal keys: most ports are like their neighbour. */
  private BitSet[] keys(Predicate<PointRule> always) {
    BitSet[] rules = new BitSet[PortTable.KEYS];
    Arrays.fill(rules, rulesThat(always));
    return rules;
  }

  private static void set(BitSet[] rules, int first, int last, int rule) {
    BitSet before = rules[first];
    BitSet with = with(before, rule);
    for (int key = first; key <= last; key++) {
      if (!rules[key].equals(before)) {
        before = rules[key];
        with = with(before, rule);
      }
      rules[key] = with;
    }
  }

  private static BitSet with(BitSet before, int rule) {
    BitSet with = (BitSet) before.clone();
    with.set(rule);
    return with;
  }

  private int[] classes(BitSet[] rules, java.util.function.IntPredicate failSafe) {
    int[] classes = new int[rules.length];
    int entry = bitmaps.classOf(rules[0]);
    for (int key = 0; key < rules.length; key++) {
      if (key > 0 && !rules[key].equals(rules[key - 1])) {
        entry = bitmaps.classOf(rules[key]);
      }
      classes[key] = failSafe.test(key) ? entry | Entries.FAIL_SAFE : entry;
    }
    return classes;
  }

  private int protocolTable(Predicate<PointRule> scope, FragmentKind kind) {
    int[] entries = new int[RowPool.ENTRIES];
    for (FilterProtocol protocol : FilterProtocol.values()) {
      int entry = classOf(rule -> scope.test(rule) && matches(rule, kind, protocol));
      if (protocol == FilterProtocol.ANY) {
        Arrays.fill(entries, entry); // those that no rule can name
      } else {
        entries[protocol.number()] = entry;
      }
    }
    return rows.entryOf(entries, 0);
  }

  private static boolean matches(PointRule rule, FragmentKind kind, FilterProtocol protocol) {
    FilterMatch match = rule.rule().match();
    return match.fragments().matches(kind)
        && (match.protocol() == FilterProtocol.ANY || match.protocol() == protocol);
  }
}
