package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.NetnsState;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.desired.EndpointFlag;
import dev.shunt.desired.EndpointRules;
import dev.shunt.desired.Interception;
import dev.shunt.desired.Mode;
import dev.shunt.desired.PortRange;
import dev.shunt.desired.PortRules;
import dev.shunt.desired.TraitEffect;
import dev.shunt.reconcile.ConfigRow;
import dev.shunt.reconcile.DatapathPort;
import dev.shunt.reconcile.EndpointRow;
import dev.shunt.reconcile.ExecutableId;
import dev.shunt.reconcile.NamespaceRow;
import dev.shunt.reconcile.SelectorKey;
import dev.shunt.reconcile.WorkloadKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What reconcile reads and writes, over the BPF maps of this node. Loop thread only. */
final class DatapathBinding implements DatapathPort {
  private static final Map<EndpointFlag, Integer> FLAGS =
      Map.of(
          EndpointFlag.SAME_POD, EndpointPolicyRow.SAME_POD,
          EndpointFlag.SAME_NODE, EndpointPolicyRow.SAME_NODE,
          EndpointFlag.PORTS_INCLUDE, EndpointPolicyRow.PORTS_INCLUDE);
  private static final EndpointPolicyRow NOTHING =
      new EndpointPolicyRow(EndpointPolicyRow.MODE_OFF, 0, List.of(), List.of());

  private final SockmapMaps maps;
  private final CgroupTree cgroups;
  private final NamespaceWatch namespaces;

  DatapathBinding(SockmapMaps maps, CgroupTree cgroups, NamespaceWatch namespaces) {
    this.maps = maps;
    this.cgroups = cgroups;
    this.namespaces = namespaces;
  }

  @Override
  public Map<Integer, EndpointRow> endpoints() {
    Map<Integer, EndpointRow> rows = new HashMap<>();
    for (int id = 0; id < EndpointPoliciesMap.ENDPOINTS_MAX; id++) {
      EndpointPolicyRow row = maps.policies().get(id);
      if (!row.equals(NOTHING)) {
        rows.put(id, new EndpointRow(mode(row.mode()), rules(row)));
      }
    }
    return rows;
  }

  private static Mode mode(int number) {
    return switch (number) {
      case EndpointPolicyRow.MODE_ACCELERATE -> Mode.ACCELERATE;
      case EndpointPolicyRow.MODE_OBSERVE -> Mode.OBSERVE;
      default -> Mode.OFF;
    };
  }

  private static int number(Mode mode) {
    return switch (mode) {
      case OFF -> EndpointPolicyRow.MODE_OFF;
      case OBSERVE -> EndpointPolicyRow.MODE_OBSERVE;
      case ACCELERATE -> EndpointPolicyRow.MODE_ACCELERATE;
    };
  }

  private static EndpointRules rules(EndpointPolicyRow row) {
    Set<EndpointFlag> flags = EnumSet.noneOf(EndpointFlag.class);
    FLAGS.forEach(
        (flag, bit) -> {
          if ((row.flags() & bit) != 0) {
            flags.add(flag);
          }
        });
    return new EndpointRules(flags, new PortRules(ranges(row.include()), ranges(row.exclude())));
  }

  private static List<PortRange> ranges(List<EndpointPolicyRow.PortRange> rows) {
    return rows.stream().map(row -> new PortRange(row.first(), row.last())).toList();
  }

  private static List<EndpointPolicyRow.PortRange> rows(List<PortRange> ranges) {
    return ranges.stream()
        .map(range -> new EndpointPolicyRow.PortRange(range.first(), range.last()))
        .toList();
  }

  @Override
  public void writeEndpoint(int id, EndpointRow row) {
    int flags = row.rules().flags().stream().mapToInt(flag -> FLAGS.getOrDefault(flag, 0)).sum();
    PortRules ports = row.rules().ports();
    maps.policies()
        .put(
            id,
            new EndpointPolicyRow(
                number(row.mode()), flags, rows(ports.include()), rows(ports.exclude())));
    maps.config().set("sweep_wanted", 1);
  }

  @Override
  public void clearEndpoint(int id) {
    maps.policies().put(id, NOTHING);
    maps.config().set("sweep_wanted", 1);
  }

  @Override
  public Map<Long, NamespaceRow> namespaces() {
    Map<Long, NamespaceRow> rows = new HashMap<>();
    maps.netns().all().forEach((cookie, state) -> rows.put(cookie, row(state)));
    return rows;
  }

  private static NamespaceRow row(NetnsState state) {
    return new NamespaceRow(state.endpoint(), interception(state.flags()));
  }

  private static Interception interception(int flags) {
    if ((flags & NetnsState.TRANSLATED) != 0) {
      return Interception.TRANSLATED;
    }
    return (flags & NetnsState.INTERCEPTED) != 0 ? Interception.OUTBOUND : Interception.NONE;
  }

  private static int flags(Interception interception) {
    return switch (interception) {
      case NONE -> 0;
      case OUTBOUND -> NetnsState.INTERCEPTED;
      case TRANSLATED -> NetnsState.INTERCEPTED | NetnsState.TRANSLATED;
    };
  }

  @Override
  public void writeNamespace(long netnsCookie, NamespaceRow row) {
    int hooked = maps.netns().get(netnsCookie).map(NetnsState::flags).orElse(0) & NetnsState.HOOKED;
    int flags = hooked | flags(row.interception());
    maps.netns().put(netnsCookie, new NetnsState(flags, row.endpointId()));
  }

  @Override
  public void removeNamespace(long netnsCookie) {
    maps.netns().remove(netnsCookie);
  }

  @Override
  public Map<SelectorKey, Integer> selectors() {
    Map<SelectorKey, Integer> rows = new HashMap<>();
    maps.selectors()
        .all()
        .forEach(
            (key, endpoint) ->
                rows.put(new SelectorKey(key.netnsCookie(), key(key.workload())), endpoint));
    return rows;
  }

  private static WorkloadKey key(Workload workload) {
    return new WorkloadKey(
        workload.cgroupId(), workload.executableInode(), workload.executableDevice());
  }

  private static Workload workload(WorkloadKey key) {
    return new Workload(key.cgroupId(), key.executableInode(), key.executableDevice());
  }

  private static dev.shunt.datapath.layout.SelectorKey selector(SelectorKey key) {
    return new dev.shunt.datapath.layout.SelectorKey(key.netnsCookie(), workload(key.workload()));
  }

  @Override
  public void writeSelector(SelectorKey key, int endpointId) {
    maps.selectors().put(selector(key), endpointId);
  }

  @Override
  public void removeSelector(SelectorKey key) {
    maps.selectors().remove(selector(key));
  }

  @Override
  public Map<WorkloadKey, TraitEffect> traits() {
    Map<WorkloadKey, TraitEffect> rows = new HashMap<>();
    maps.traits()
        .all()
        .forEach(
            (workload, state) -> {
              if ((state.traits() & TraitState.EXEMPT) != 0) {
                rows.put(key(workload), TraitEffect.EXEMPT);
              } else if ((state.traits() & TraitState.FORCE) != 0) {
                rows.put(key(workload), TraitEffect.FORCE);
              }
            });
    return rows;
  }

  @Override
  public void writeTrait(WorkloadKey key, TraitEffect effect) {
    setTraits(key, effect == TraitEffect.EXEMPT ? TraitState.EXEMPT : TraitState.FORCE);
  }

  @Override
  public void removeTrait(WorkloadKey key) {
    setTraits(key, 0);
  }

  private void setTraits(WorkloadKey key, int configured) {
    Workload workload = workload(key);
    TraitState known = maps.traits().get(workload).orElseGet(() -> TraitState.of(0));
    maps.traits().keep(workload, known.configured(configured));
    maps.config().raiseTraitGeneration();
    maps.config().set("sweep_wanted", 1);
  }

  @Override
  public ConfigRow config() {
    return new ConfigRow(
        mode(maps.config().get("mode")),
        maps.config().get("default_endpoint"),
        maps.config().get("selectors"),
        maps.config().get("adopt_turns"));
  }

  @Override
  public void writeConfig(ConfigRow row) {
    maps.config().set("default_endpoint", row.defaultEndpointId());
    maps.config().set("selectors", row.selectorCombinations());
    maps.config().set("adopt_turns", row.adoptTurns());
    maps.config().set("mode", number(row.mode()));
    maps.config().set("sweep_wanted", 1);
  }

  @Override
  public OptionalLong netnsCookie(String namespace) {
    return namespaces.cookie(namespace);
  }

  @Override
  public OptionalLong cgroupId(String cgroupPath) {
    Path directory = cgroups.root().resolve(cgroupPath.replaceFirst("^/+", ""));
    return Files.isDirectory(directory)
        ? OptionalLong.of(cgroups.id(directory))
        : OptionalLong.empty();
  }

  @Override
  public Optional<ExecutableId> executable(String path) {
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    FileIdentity identity = Linux.identityOf(file);
    return Optional.of(new ExecutableId(identity.inode(), (int) identity.device()));
  }
}
