package dev.shunt.cli.preflight;

import java.util.List;

/** File systems that the node needs. Stateless. */
final class MountChecks {
  private MountChecks() {}

  static Finding cgroup(HostFiles host) {
    return mounted(
        host,
        new Need("cgroup v2", "cgroup2", Finding.Level.FAIL),
        "mount -t cgroup2 none /sys/fs/cgroup/unified (boot with"
            + " systemd.unified_cgroup_hierarchy=1 to keep it)");
  }

  static Finding bpffs(HostFiles host) {
    return mounted(
        host, new Need("bpffs", "bpf", Finding.Level.FAIL), "mount -t bpf bpf /sys/fs/bpf");
  }

  static Finding tracefs(HostFiles host) {
    return mounted(
        host,
        new Need("tracefs", "tracefs", Finding.Level.WARN),
        "mount -t tracefs tracefs /sys/kernel/tracing (without it, programs that use splice or"
            + " FIONREAD are not found out)");
  }

  private record Need(String check, String type, Finding.Level level) {}

  private static Finding mounted(HostFiles host, Need need, String remedy) {
    List<String> places = host.mounts(need.type());
    return places.isEmpty()
        ? new Finding(
            need.check(),
            need.level(),
            "no file system of type " + need.type() + " mounted",
            remedy)
        : Finding.ok(need.check(), places.get(0));
  }
}
