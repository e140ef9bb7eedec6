package dev.shunt.cli.preflight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this process may do and which library it finds. Stateless. */
final class RightsChecks {
  /** Numbers of include/uapi/linux/capability.h. */
  private static final Map<String, Integer> CAPABILITIES = new LinkedHashMap<>();

  static {
    CAPABILITIES.put("CAP_BPF", 39);
    CAPABILITIES.put("CAP_NET_ADMIN", 12);
    CAPABILITIES.put("CAP_PERFMON", 38);
    CAPABILITIES.put("CAP_SYS_ADMIN", 21);
  }

  private static final List<String> LIBRARY_DIRECTORIES =
      List.of("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib");
  private static final String LIBRARY = "libbpf.so.1";

  private RightsChecks() {}

  static Finding capabilities(HostFiles host) {
    String effective =
        host.text("/proc/self/status")
            .orElse("")
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .findFirst()
            .orElse("0");
    long bits = Long.parseUnsignedLong(effective, 16);
    List<String> missing = new ArrayList<>();
    CAPABILITIES.forEach(
        (name, bit) -> {
          if ((bits >>> bit & 1) == 0) {
            missing.add(name);
          }
        });
    return missing.isEmpty()
        ? Finding.ok("capabilities", String.join(", ", CAPABILITIES.keySet()))
        : Finding.fail(
            "capabilities", "missing: " + String.join(", ", missing), "run as root, or grant them");
  }

  /** The loader's own search is native; these are the places distributions use. */
  static Finding library(HostFiles host, String override) {
    if (!override.isEmpty()) {
      return host.exists(override)
          ? Finding.ok("libbpf", override + " (SHUNT_LIBBPF)")
          : Finding.fail("libbpf", override + ": no such file (ENOENT/2)", "correct SHUNT_LIBBPF");
    }
    for (String directory : LIBRARY_DIRECTORIES) {
      if (host.exists(directory + "/" + LIBRARY)) {
        return Finding.ok("libbpf", directory + "/" + LIBRARY);
      }
      for (String triplet : host.names(directory, "*-linux-gnu*")) {
        String path = directory + "/" + triplet + "/" + LIBRARY;
        if (host.exists(path)) {
          return Finding.ok("libbpf", path);
        }
      }
    }
    return Finding.fail(
        "libbpf",
        LIBRARY + " not found",
        "apt-get install libbpf1 (Debian), dnf install libbpf (Fedora), or set SHUNT_LIBBPF");
  }
}
