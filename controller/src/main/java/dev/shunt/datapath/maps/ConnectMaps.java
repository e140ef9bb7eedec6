package dev.shunt.datapath.maps;

import dev.shunt.datapath.layout.ConnectHits;
import dev.shunt.datapath.layout.ConnectKeys;
import dev.shunt.datapath.layout.ConnectRows;
import dev.shunt.datapath.layout.ConnectTotals;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.MappedMemory;
import dev.shunt.desired.connect.ConnectAction;
import dev.shunt.desired.connect.ConnectTables;
import dev.shunt.desired.connect.PlacedRule;
import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.IpFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The maps of the connect rules. A set is written beside the one in force, then switched on whole,
 * then the old one is removed. One thread writes; counters may be read by any. Closed with the data
 * path.
 */
public final class ConnectMaps implements AutoCloseable {
  /** Names as in {@code bpf/connect/connect_maps.h}; those that are pinned. */
  public static final List<String> NAMES =
      List.of(
          "connect_config",
          "connect_sets",
          "connect_rules",
          "connect_ipv4",
          "connect_ipv6",
          "connect_ports",
          "connect_executables",
          "connect_cgroups",
          "connect_netns",
          "connect_scope",
          "connect_hits",
          "connect_totals",
          "connect_denials");

  /** Maps whose key has the generation at an offset. */
  private static final List<String> TRIES =
      List.of("connect_ipv4", "connect_ipv6", "connect_ports");

  private static final List<String> HASHES =
      List.of(
          "connect_sets",
          "connect_rules",
          "connect_executables",
          "connect_cgroups",
          "connect_netns");

  private static final int GENERATION_OF_TRIE = 4;
  private static final int V4_AT = 12;

  private final Function<String, BpfMap> map;
  private final MappedMemory memory;
  private final ByteBuffer config;

  /**
   * Wraps the maps.
   *
   * @param map gives a map by its name
   */
  public ConnectMaps(Function<String, BpfMap> map) {
    this.map = map;
    memory = map.apply("connect_config").mmap();
    config = memory.buffer();
  }

  /** A field of {@code struct connect_config}. */
  public int get(String field) {
    return config.getInt(ConnectRows.CONFIG.offset(field));
  }

  /** Sets a field of {@code struct connect_config}; programs see it at once. */
  public void set(String field, int value) {
    config.putInt(ConnectRows.CONFIG.offset(field), value);
  }

  /** The generation in force; 0: none. */
  public int generation() {
    return get("generation");
  }

  /**
   * Puts a set in force. An exception leaves the old one in force.
   *
   * @throws dev.shunt.datapath.libbpf.BpfException a map is full, or refuses
   */
  public void replace(ConnectTables tables) {
    int old = generation();
    purge(old); // of a process that died meanwhile
    int next = old == -1 ? 1 : old + 1;
    try {
      write(next, tables);
    } catch (RuntimeException failed) {
      purge(old);
      throw failed;
    }
    set("generation", next);
    fence();
    purge(next);
    forgetHits(tables);
  }

  /** Puts no set in force; counters go too. */
  public void clear() {
    set("generation", 0);
    fence();
    purge(0);
  }

  private void write(int generation, ConnectTables tables) {
    tables
        .addresses()
        .forEach(
            (cidr, rules) ->
                map.apply(cidr.family() == IpFamily.V4 ? "connect_ipv4" : "connect_ipv6")
                    .update(key(generation, cidr), ConnectRows.bits(rules)));
    tables
        .ports()
        .forEach(
            (prefix, rules) ->
                map.apply("connect_ports")
                    .update(
                        ConnectKeys.port(
                            generation, prefix.protocol().number(), prefix.first(), prefix.bits()),
                        ConnectRows.bits(rules)));
    writeCallers(generation, tables.callers());
    for (int i = 0; i < tables.rules().size(); i++) {
      writeRule(generation, i, tables.rules().get(i));
    }
    map.apply("connect_sets")
        .update(Keys.u32(generation), ConnectRows.set(tables.enforced(), looks(tables.callers())));
  }

  private void writeCallers(int generation, ConnectTables.Callers callers) {
    callers
        .executables()
        .forEach(
            (file, rules) ->
                map.apply("connect_executables")
                    .update(
                        ConnectKeys.executable(generation, file.inode(), file.device()),
                        ConnectRows.bits(rules)));
    callers
        .cgroups()
        .forEach(
            (id, rules) ->
                map.apply("connect_cgroups")
                    .update(ConnectKeys.place(generation, id), ConnectRows.bits(rules)));
    callers
        .namespaces()
        .forEach(
            (cookie, rules) ->
                map.apply("connect_netns")
                    .update(ConnectKeys.place(generation, cookie), ConnectRows.bits(rules)));
  }

  private void writeRule(int generation, int number, PlacedRule rule) {
    long id = ruleId(rule);
    int verdict = ConnectRows.ALLOW;
    if (rule.rule().action() == ConnectAction.DENY) {
      verdict = rule.mode() == FilterMode.ENFORCE ? ConnectRows.DENY : ConnectRows.MONITOR;
    }
    BpfMap hits = map.apply("connect_hits");
    if (!hits.lookup(Keys.u64(id), ByteBuffer.allocate(hits.valueBytes()))) {
      hits.update(Keys.u64(id), ByteBuffer.allocate(hits.valueBytes()));
    }
    map.apply("connect_rules")
        .update(ConnectKeys.rule(generation, number), ConnectRows.rule(id, verdict));
  }

  /** Only a row besides that of all others makes a look worth while. */
  private static int looks(ConnectTables.Callers callers) {
    return (callers.executables().size() > 1 ? ConnectRows.LOOK_EXECUTABLE : 0)
        | (callers.cgroups().size() > 1 ? ConnectRows.LOOK_CGROUP : 0)
        | (callers.namespaces().size() > 1 ? ConnectRows.LOOK_NETNS : 0);
  }

  private static ByteBuffer key(int generation, Cidr cidr) {
    int first = cidr.family() == IpFamily.V4 ? V4_AT : 0;
    byte[] address = new byte[cidr.family().bits() / Byte.SIZE];
    for (int i = 0; i < address.length; i++) {
      address[i] = (byte) cidr.address().byteAt(first + i);
    }
    return ConnectKeys.address(generation, address, cidr.bits());
  }

  /** Returns when every program that ran at the call has ended; see connect_maps.h. */
  private void fence() {
    ByteBuffer target = Keys.u32(map.apply("connect_fence_target").fd().number());
    map.apply("connect_fence").update(Keys.u32(0), target);
  }

  /** Removes the rows of all generations but one. */
  private void purge(int keep) {
    TRIES.forEach(name -> purge(map.apply(name), GENERATION_OF_TRIE, keep));
    HASHES.forEach(name -> purge(map.apply(name), 0, keep));
  }

  private static void purge(BpfMap map, int offset, int keep) {
    List<ByteBuffer> stale = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          if (key.getInt(key.position() + offset) != keep) {
            stale.add(copy(key));
          }
        });
    stale.forEach(map::delete);
  }

  private static ByteBuffer copy(ByteBuffer key) {
    ByteBuffer copy = ByteBuffer.allocate(key.remaining()).order(key.order());
    copy.put(key.duplicate());
    return copy.flip();
  }

  private void forgetHits(ConnectTables tables) {
    Set<Long> known = new HashSet<>();
    tables.rules().forEach(rule -> known.add(ruleId(rule)));
    List<ByteBuffer> stale = new ArrayList<>();
    map.apply("connect_hits")
        .forEach(
            (key, value) -> {
              if (!known.contains(key.getLong(key.position()))) {
                stale.add(copy(key));
              }
            });
    stale.forEach(map.apply("connect_hits")::delete);
  }

  /** The same for the same name: FNV-1a with 64 bits. */
  public static long ruleId(PlacedRule rule) {
    long hash = 0xcbf29ce484222325L;
    for (char c : (rule.policy().name().kind() + " " + rule.id()).toCharArray()) {
      hash = (hash ^ c) * 0x100000001b3L;
    }
    return hash;
  }

  /** What a rule has counted since it is there under this name. */
  public ConnectHits hits(PlacedRule rule) {
    BpfMap hits = map.apply("connect_hits");
    ByteBuffer values = hits.lookup(Keys.u64(ruleId(rule))).orElse(null);
    ConnectHits sum = ConnectHits.NONE;
    for (int cpu = 0; values != null && cpu < hits.valueBytes() / hits.valueStride(); cpu++) {
      sum = sum.plus(hits.ofCpu(values, cpu), 0);
    }
    return sum;
  }

  /** Sums over all rules. */
  public ConnectTotals totals() {
    BpfMap totals = map.apply("connect_totals");
    ByteBuffer values = totals.lookup(Keys.u32(0)).orElseThrow();
    ConnectTotals sum = ConnectTotals.NONE;
    for (int cpu = 0; cpu < totals.valueBytes() / totals.valueStride(); cpu++) {
      sum = sum.plus(totals.ofCpu(values, cpu), 0);
    }
    return sum;
  }

  /** Names the cgroups that the node covers; id 0: all. */
  public void scope(Set<Long> cgroups) {
    BpfMap scope = map.apply("connect_scope");
    cgroups.forEach(id -> scope.update(Keys.u64(id), Keys.u32(1)));
    List<ByteBuffer> stale = new ArrayList<>();
    scope.forEach(
        (key, value) -> {
          if (!cgroups.contains(key.getLong(key.position()))) {
            stale.add(copy(key));
          }
        });
    stale.forEach(scope::delete);
  }

  /** Ring of {@link dev.shunt.datapath.layout.ConnectDenial}. */
  public BpfMap denials() {
    return map.apply("connect_denials");
  }

  @Override
  public void close() {
    memory.close();
  }
}
