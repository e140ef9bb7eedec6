package dev.shunt.cli.preflight;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Other programs that keep sockets in sockmaps: a socket can be in one only. Found through the open
 * BPF maps of all processes; maps that are only pinned cannot be seen this way. Stateless.
 */
final class SockmapOwners {
  /** enum bpf_map_type of include/uapi/linux/bpf.h. */
  private static final Map<String, String> TYPES = Map.of("15", "SOCKMAP", "18", "SOCKHASH");

  private static final String MAP_TYPE = "map_type:";

  private SockmapOwners() {}

  static Finding check(HostFiles host) {
    Set<String> owners = new TreeSet<>();
    for (String process : host.names("/proc", "[0-9]*")) {
      if (!isShunt(host, process)) {
        addOwner(host, process, owners);
      }
    }
    return owners.isEmpty()
        ? Finding.ok("sockmap owners", "no other process holds a sockmap")
        : Finding.warn(
            "sockmap owners",
            String.join(", ", owners),
            "their sockets stay on TCP (reason busy); stop them for workloads to accelerate");
  }

  private static void addOwner(HostFiles host, String process, Set<String> owners) {
    for (String descriptor : host.names("/proc/" + process + "/fd", "*")) {
      String target = host.link("/proc/" + process + "/fd/" + descriptor).orElse("");
      if (target.contains("bpf-map")) {
        String info = "/proc/" + process + "/fdinfo/" + descriptor;
        String type = fact(host, info, MAP_TYPE);
        if (TYPES.containsKey(type)) {
          String name = host.text("/proc/" + process + "/comm").orElse("?");
          owners.add("%s (pid %s, %s)".formatted(name, process, TYPES.get(type)));
        }
      }
    }
  }

  /** The value of a line of a descriptor's facts; empty when there is none. */
  static String fact(HostFiles host, String info, String key) {
    return host.text(info)
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip())
        .findFirst()
        .orElse("");
  }

  static boolean isShunt(HostFiles host, String process) {
    return host.text("/proc/" + process + "/cmdline").orElse("").contains("dev.shunt.");
  }
}
