package dev.shunt.cli.preflight;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel is and can do. Stateless. */
final class KernelChecks {
  /** netns cookies in sk_msg came with 5.15. */
  private static final int MINIMUM = version(5, 15);

  /** tcx links came with 6.6; before it, clsact filters do the same. */
  private static final int TCX = version(6, 6);

  /** Since 5.11 the memory cgroup accounts for BPF maps, not RLIMIT_MEMLOCK. */
  private static final int NO_MEMLOCK = version(5, 11);

  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final String OTHER_KERNEL = "run kernel 5.15 or later";

  private KernelChecks() {}

  static Finding release(HostFiles host) {
    String release = releaseText(host);
    return releaseNumber(host) >= MINIMUM
        ? Finding.ok("kernel", release)
        : Finding.fail("kernel", release + " (expected: 5.15 or later)", OTHER_KERNEL);
  }

  static Finding btf(HostFiles host) {
    if (host.readable("/sys/kernel/btf/vmlinux")) {
      return Finding.ok("btf", "/sys/kernel/btf/vmlinux");
    }
    return host.exists("/sys/kernel/btf/vmlinux")
        ? Finding.fail(
            "btf", "/sys/kernel/btf/vmlinux: permission denied (EACCES/13)", "run as root")
        : Finding.fail(
            "btf",
            "/sys/kernel/btf/vmlinux: no such file (ENOENT/2)",
            "run a kernel built with CONFIG_DEBUG_INFO_BTF=y, as all large distributions ship");
  }

  static Finding options(HostFiles host) {
    List<String> wanted =
        List.of("CONFIG_BPF_SYSCALL", "CONFIG_CGROUP_BPF", "CONFIG_BPF_STREAM_PARSER");
    Optional<String> config = host.text("/boot/config-" + releaseText(host));
    if (config.isEmpty()) {
      return Finding.ok("kernel options", "not published in /boot; the load will tell");
    }
    List<String> lines = config.get().lines().toList();
    List<String> missing =
        wanted.stream().filter(option -> !lines.contains(option + "=y")).toList();
    return missing.isEmpty()
        ? Finding.ok("kernel options", String.join(", ", wanted))
        : Finding.fail(
            "kernel options",
            "not built in: " + String.join(", ", missing),
            "run a kernel built with them");
  }

  static Finding trafficHook(HostFiles host) {
    if (releaseNumber(host) >= TCX) {
      return Finding.ok("traffic hook", "tcx (kernel 6.6 or later)");
    }
    String release = releaseText(host);
    boolean present =
        host.exists("/sys/module/sch_ingress")
            || hasModule(host, "/lib/modules/" + release + "/modules.builtin")
            || hasModule(host, "/lib/modules/" + release + "/modules.dep");
    return present
        ? Finding.ok("traffic hook", "clsact (sch_ingress)")
        : Finding.fail(
            "traffic hook",
            "neither tcx (kernel 6.6) nor the module sch_ingress",
            "install the kernel's module package, then: modprobe sch_ingress");
  }

  static Finding jit(HostFiles host) {
    return host.text("/proc/sys/net/core/bpf_jit_enable").orElse("1").equals("0")
        ? Finding.warn(
            "bpf jit",
            "net.core.bpf_jit_enable is 0: programs are interpreted",
            "sysctl net.core.bpf_jit_enable=1")
        : Finding.ok("bpf jit", "on");
  }

  static Finding lockdown(HostFiles host) {
    String lockdown = host.text("/sys/kernel/security/lockdown").orElse("");
    return lockdown.contains("[confidentiality]")
        ? Finding.fail(
            "lockdown",
            "confidentiality: BPF may not read kernel memory",
            "boot with lockdown=integrity or none")
        : Finding.ok("lockdown", lockdown.isEmpty() ? "none" : lockdown);
  }

  static Finding memlock(HostFiles host) {
    if (releaseNumber(host) >= NO_MEMLOCK) {
      return Finding.ok("memlock", "no limit applies (memory cgroup, since kernel 5.11)");
    }
    return host.text("/proc/self/limits")
            .orElse("")
            .lines()
            .anyMatch(line -> line.matches("Max locked memory\\s+unlimited.*"))
        ? Finding.ok("memlock", "unlimited")
        : Finding.fail("memlock", "RLIMIT_MEMLOCK is limited", "ulimit -l unlimited");
  }

  private static boolean hasModule(HostFiles host, String list) {
    return host.text(list).orElse("").contains("/sch_ingress.ko");
  }

  private static String releaseText(HostFiles host) {
    return host.text("/proc/sys/kernel/osrelease").orElse("unknown");
  }

  private static int releaseNumber(HostFiles host) {
    Matcher release = RELEASE.matcher(releaseText(host));
    return release.matches()
        ? version(Integer.parseInt(release.group(1)), Integer.parseInt(release.group(2)))
        : 0;
  }

  private static int version(int major, int minor) {
    return major * 1000 + minor;
  }
}
