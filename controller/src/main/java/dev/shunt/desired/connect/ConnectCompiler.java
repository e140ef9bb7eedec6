package dev.shunt.desired.connect;

import dev.shunt.desired.HostSelector;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.connect.ConnectTables.Callers;
import dev.shunt.desired.connect.RuleFindings.Finding;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** Compiles rules into the tables of the data path. Pure but for the names; used once. */
public final class ConnectCompiler {
  /** Most prefixes of each family, and the rows of the other tables: connect_maps.h. */
  static final int ADDRESSES_MAX = 16384;

  static final int PORTS_MAX = 32768;
  static final int CALLERS_MAX = 4096;

  private static final int PORT_END = 65536;
  private static final Cidr ALL_V4 = new Cidr(IpAddress.v4(0), 0);
  private static final Cidr ALL_V6 = new Cidr(IpAddress.v6(0, 0), 0);

  private final ConnectRules rules;
  private final ConnectNames names;
  private final List<Finding> pending = new ArrayList<>();

  private ConnectCompiler(ConnectRules rules, ConnectNames names) {
    this.rules = rules;
    this.names = names;
  }

  /**
   * What compiling gave.
   *
   * @param tables for the data path
   * @param pending rules that name what does not exist yet: they match nobody who is called so
   */
  public record Result(ConnectTables tables, List<Finding> pending) {
    /** Copies the list. */
    public Result {
      pending = List.copyOf(pending);
    }
  }

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException they do not fit into the tables
   */
  public static Result compile(ConnectRules rules, ConnectNames names) {
    ConnectCompiler compiler = new ConnectCompiler(rules, names);
    BitSet enforced = new BitSet();
    for (int i = 0; i < rules.rules().size(); i++) {
      enforced.set(i, rules.rules().get(i).mode() == FilterMode.ENFORCE);
    }
    ConnectTables tables =
        new ConnectTables(
            rules.rules(), enforced, compiler.addresses(), compiler.ports(), compiler.callers());
    return new Result(tables, compiler.pending);
  }

  private Map<Cidr, BitSet> addresses() {
    Map<Cidr, BitSet> own = new HashMap<>();
    own.put(ALL_V4, new BitSet());
    own.put(ALL_V6, new BitSet());
    for (int i = 0; i < rules.rules().size(); i++) {
      List<Cidr> to = rules.rules().get(i).rule().target().to();
      for (Cidr cidr : to.isEmpty() ? List.of(ALL_V4, ALL_V6) : to) {
        own.computeIfAbsent(cidr, key -> new BitSet()).set(i);
      }
    }
    check("prefixes of destinations", own.size(), ADDRESSES_MAX);
    List<Cidr> widestFirst =
        own.keySet().stream().sorted(Comparator.comparingInt(Cidr::bits)).toList();
    for (Cidr cidr : widestFirst) {
      nextWider(own, cidr).ifPresent(wider -> bits(own, cidr).or(bits(own, wider)));
    }
    return own;
  }

  private static BitSet bits(Map<Cidr, BitSet> table, Cidr cidr) {
    return table.getOrDefault(cidr, new BitSet());
  }

  private static Optional<Cidr> nextWider(Map<Cidr, BitSet> table, Cidr cidr) {
    for (int bits = cidr.bits() - 1; bits >= 0; bits--) {
      Cidr wider = Cidr.around(cidr.address(), bits);
      if (table.containsKey(wider)) {
        return Optional.of(wider);
      }
    }
    return Optional.empty();
  }

  private Map<PortPrefix, BitSet> ports() {
    Map<PortPrefix, BitSet> table = new HashMap<>();
    for (ConnectProtocol protocol : List.of(ConnectProtocol.TCP, ConnectProtocol.UDP)) {
      NavigableMap<Integer, BitSet> intervals = intervals(protocol);
      intervals.forEach(
          (first, bits) -> {
            Integer next = intervals.higherKey(first);
            int last = (next == null ? PORT_END : next) - 1;
            PortPrefix.covering(protocol, first, last).forEach(p -> table.put(p, bits));
          });
    }
    check("ranges of ports", table.size(), PORTS_MAX);
    return table;
  }

  /** The rules from each port on, up to the next port in the map. */
  private NavigableMap<Integer, BitSet> intervals(ConnectProtocol protocol) {
    NavigableMap<Integer, BitSet> intervals = new TreeMap<>();
    intervals.put(0, new BitSet());
    for (int i = 0; i < rules.rules().size(); i++) {
      PlacedRule rule = rules.rules().get(i);
      ConnectTarget target = rule.rule().target();
      if (!target.protocol().covers(protocol)) {
        continue;
      }
      if (target.ports().isEmpty()) {
        mark(intervals, 0, PORT_END, i);
      }
      for (PortRange range : target.ports()) {
        mark(intervals, range.first(), range.last() + 1, i);
      }
      if (protocol == ConnectProtocol.TCP && !rule.holdsForFailSafe()) {
        for (PortRange open : rules.failSafe().ports()) {
          split(intervals, open.first());
          split(intervals, open.last() + 1);
          int number = i;
          intervals.subMap(open.first(), open.last() + 1).values().forEach(b -> b.clear(number));
        }
      }
    }
    return intervals;
  }

  private static void mark(NavigableMap<Integer, BitSet> intervals, int first, int end, int rule) {
    split(intervals, first);
    split(intervals, end);
    intervals.subMap(first, end).values().forEach(bits -> bits.set(rule));
  }

  private static void split(NavigableMap<Integer, BitSet> intervals, int at) {
    if (at < PORT_END && !intervals.containsKey(at)) {
      Map.Entry<Integer, BitSet> before = Objects.requireNonNull(intervals.lowerEntry(at));
      intervals.put(at, (BitSet) before.getValue().clone());
    }
  }

  private Callers callers() {
    CallerTable<ConnectNames.FileId> executables = new CallerTable<>(Callers.ANY_FILE);
    CallerTable<Long> cgroups = new CallerTable<>(Callers.ANY);
    CallerTable<Long> namespaces = new CallerTable<>(Callers.ANY);
    for (int i = 0; i < rules.rules().size(); i++) {
      PlacedRule rule = rules.rules().get(i);
      HostSelector selector = rule.policy().selector();
      executables.add(i, rule.executables().isEmpty(), files(rule));
      List<String> paths = rule.cgroups();
      cgroups.add(i, paths.isEmpty(), ids(rule, "cgroup ", paths, names::cgroupId));
      List<String> netns = selector.networkNamespace().map(List::of).orElse(List.of());
      namespaces.add(
          i, netns.isEmpty(), ids(rule, "network namespace ", netns, names::netnsCookie));
    }
    // a cgroup's ancestors are looked up one by one, so its row has its own rules only
    return new Callers(executables.withAny(), cgroups.own(), namespaces.withAny());
  }

  private List<ConnectNames.FileId> files(PlacedRule rule) {
    List<ConnectNames.FileId> files = new ArrayList<>();
    for (String path : rule.executables()) {
      Optional<ConnectNames.FileId> file = names.file(path);
      file.ifPresentOrElse(files::add, () -> await(rule, "executable " + path));
    }
    return files;
  }

  private List<Long> ids(
      PlacedRule rule, String what, List<String> wanted, Function<String, OptionalLong> resolve) {
    List<Long> ids = new ArrayList<>();
    for (String name : wanted) {
      OptionalLong id = resolve.apply(name);
      id.ifPresentOrElse(ids::add, () -> await(rule, what + name));
    }
    return ids;
  }

  private void await(PlacedRule rule, String what) {
    pending.add(new Finding(rule.id(), RuleFindings.Kind.PENDING, what + " does not exist yet"));
  }

  private static void check(String what, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException(
          "connect rules: %d %s (expected: at most %d)".formatted(count, what, most));
    }
  }

  /** Rules by one property of the caller. */
  private static final class CallerTable<K> {
    private final K any;
    private final Map<K, BitSet> rows = new HashMap<>();

    CallerTable(K any) {
      this.any = any;
      rows.put(any, new BitSet());
    }

    void add(int rule, boolean matchesAny, List<K> keys) {
      for (K key : matchesAny ? List.of(any) : keys) {
        rows.computeIfAbsent(key, k -> new BitSet()).set(rule);
      }
      check("callers", rows.size(), CALLERS_MAX);
    }

    Map<K, BitSet> own() {
      return rows;
    }

    Map<K, BitSet> withAny() {
      BitSet common = rows.getOrDefault(any, new BitSet());
      rows.values().forEach(bits -> bits.or(common));
      return rows;
    }
  }
}
