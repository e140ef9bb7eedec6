package dev.shunt.cli.preflight;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Other programs on the hooks that the node uses. Found through the open BPF programs of all
 * processes; those that are only pinned or attached cannot be seen this way, a running node sees
 * them. Stateless.
 */
final class HookOwners {
  /** enum bpf_prog_type of include/uapi/linux/bpf.h. */
  private static final Map<String, String> TYPES =
      Map.of(
          "3", "tc",
          "6", "xdp",
          "13", "sock_ops",
          "18", "connect",
          "25", "setsockopt");

  private HookOwners() {}

  static Finding check(HostFiles host) {
    Set<String> owners = new TreeSet<>();
    for (String process : host.names("/proc", "[0-9]*")) {
      if (!SockmapOwners.isShunt(host, process)) {
        addOwner(host, process, owners);
      }
    }
    return Finding.ok(
        "hook owners",
        owners.isEmpty()
            ? "no other process holds programs of the same hooks"
            : String.join(", ", owners) + "; they run beside Shunt's");
  }

  private static void addOwner(HostFiles host, String process, Set<String> owners) {
    for (String descriptor : host.names("/proc/" + process + "/fd", "*")) {
      String target = host.link("/proc/" + process + "/fd/" + descriptor).orElse("");
      if (target.contains("bpf-prog")) {
        String info = "/proc/" + process + "/fdinfo/" + descriptor;
        String type = TYPES.get(SockmapOwners.fact(host, info, "prog_type:"));
        if (type != null) {
          String name = host.text("/proc/" + process + "/comm").orElse("?").strip();
          owners.add("%s (pid %s, %s)".formatted(name, process, type));
        }
      }
    }
  }
}
