package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.BpfOwners;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.AttachType;
import dev.shunt.datapath.libbpf.AttachedPrograms;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.LoadedMap;
import dev.shunt.datapath.libbpf.LoadedProgram;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcFilters;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who else is on the hooks of this node: in the covered cgroups, those above and those below
 * them, on the interfaces of the watched namespaces, and with sockets in a sockmap of their own. A
 * look takes some microseconds a cgroup and interface; processes are searched only when something
 * new is there. One thread.
 */
public final class Neighbours {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

  /** The hooks that these programs use, too. */
  private static final Map<String, AttachType> CGROUP_HOOKS = new LinkedHashMap<>();

  static {
    CGROUP_HOOKS.put("cgroup/sock_ops", AttachType.CGROUP_SOCK_OPS);
    CGROUP_HOOKS.put("cgroup/connect4", AttachType.CGROUP_INET4_CONNECT);
    CGROUP_HOOKS.put("cgroup/connect6", AttachType.CGROUP_INET6_CONNECT);
    CGROUP_HOOKS.put("cgroup/setsockopt", AttachType.CGROUP_SETSOCKOPT);
  }

  private static final Set<String> SOCKET_MAPS = Set.of("sockmap", "sockhash");

  private final AttachedPrograms attached;
  private final List<Path> cgroups;
  private final Set<Integer> ownPrograms = new HashSet<>();
  private final int members;

  /** What was seen in the last look, with its owner. */
  private Map<Neighbour, Neighbour> known = Map.of();

  Neighbours(Libbpf libbpf, BpfObject object, List<Path> cgroups) {
    attached = new AttachedPrograms(libbpf);
    this.cgroups = List.copyOf(cgroups);
    for (String program : object.loadedProgramNames()) {
      ownPrograms.add(object.program(program).id());
    }
    members = object.map(MapNames.MEMBERS).shape().id();
  }

  /** Everybody who is there now. */
  public List<Neighbour> look(CgroupTree tree, List<NetworkNamespace> namespaces) {
    List<Neighbour> found = new ArrayList<>();
    for (Path cgroup : tree.around(cgroups)) {
      lookAtCgroup(cgroup, found);
    }
    for (NetworkNamespace namespace : namespaces) {
      lookAtNamespace(namespace, found);
    }
    for (LoadedMap map : attached.maps()) {
      if (SOCKET_MAPS.contains(map.type()) && map.id() != members) {
        found.add(new Neighbour(map.type(), "", map.name(), map.id(), ""));
      }
    }
    return named(found);
  }

  private void lookAtCgroup(Path cgroup, List<Neighbour> found) {
    try (Fd directory = Linux.open(cgroup)) {
      CGROUP_HOOKS.forEach(
          (hook, type) -> add(found, hook, cgroup.toString(), attached.ofCgroup(directory, type)));
    } catch (BpfException | UncheckedIOException vanished) {
      LOG.debug("look at cgroup {}: {}", cgroup, vanished.getMessage());
    }
  }

  private void lookAtNamespace(NetworkNamespace namespace, List<Neighbour> found) {
    try {
      Map<String, Integer> interfaces = namespace.facts().interfaces();
      Netns.call(
          namespace.fd(),
          () -> {
            interfaces.forEach(
                (device, index) -> lookAtInterface(namespace.name() + ":" + device, index, found));
            return found;
          });
    } catch (RuntimeException vanished) {
      LOG.debug("look at namespace {}: {}", namespace.name(), vanished.getMessage());
    }
  }

  private void lookAtInterface(String where, int index, List<Neighbour> found) {
    add(found, "tcx/ingress", where, attached.ofInterface(index, AttachType.TCX_INGRESS));
    add(found, "tcx/egress", where, attached.ofInterface(index, AttachType.TCX_EGRESS));
    for (TcFilters.Direction direction : TcFilters.Direction.values()) {
      String hook = direction == TcFilters.Direction.INGRESS ? "clsact/ingress" : "clsact/egress";
      add(found, hook, where, attached.filters(index, direction));
    }
    attached.xdp(index).ifPresent(id -> add(found, "xdp", where, List.of(id)));
  }

  private void add(List<Neighbour> found, String hook, String where, List<Integer> ids) {
    for (int id : ids) {
      if (!ownPrograms.contains(id)) {
        String name = attached.program(id).map(LoadedProgram::name).orElse("");
        found.add(new Neighbour(hook, where, name, id, ""));
      }
    }
  }

  private List<Neighbour> named(List<Neighbour> found) {
    Map<Neighbour, Neighbour> named = new HashMap<>();
    BpfOwners.Holders holders = null;
    List<Neighbour> result = new ArrayList<>();
    for (Neighbour one : found) {
      Neighbour full = known.get(one);
      if (full == null) {
        holders = holders == null ? BpfOwners.find() : holders;
        Map<Integer, String> byId =
            SOCKET_MAPS.contains(one.hook()) ? holders.maps() : holders.programs();
        String owner = byId.getOrDefault(one.id(), "");
        full = new Neighbour(one.hook(), one.where(), one.program(), one.id(), owner);
      }
      named.put(one, full);
      result.add(full);
    }
    known = named;
    return List.copyOf(result);
  }
}
