package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.LibbpfMissingException;
import dev.shunt.datapath.libbpf.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host must have before anything is touched. Each lack is one line with its remedy. Also
 * mounts bpffs and tracefs where they are usually mounted, if nobody has.
 */
final class Prerequisites {
  private static final Logger LOG = LoggerFactory.getLogger(Prerequisites.class);
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int MIN_MAJOR = 5;
  private static final int MIN_MINOR = 15;
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
  private static final Path BPFFS = Path.of("/sys/fs/bpf");
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

  private Prerequisites() {}

  /** Loads libbpf: without it no other check can be made. */
  static Libbpf libbpf(Optional<String> library) {
    try {
      return library.isPresent() ? new Libbpf(library.get()) : new Libbpf();
    } catch (LibbpfMissingException missing) {
      throw new CannotRunException(String.valueOf(missing.getMessage()), missing);
    }
  }

  /** Checks kernel and privileges; throws on the first lack. */
  static void check() {
    kernel(release());
    if (!Files.isReadable(BTF)) {
      throw new CannotRunException(
          "read kernel BTF "
              + BTF
              + " failed: no such file (ENOENT/2); run a kernel built with"
              + " CONFIG_DEBUG_INFO_BTF=y");
    }
    if (!Linux.hasCapability(CAP_SYS_ADMIN) || !Linux.hasCapability(CAP_NET_ADMIN)) {
      throw new CannotRunException(
          "start node failed: operation not permitted (EPERM/1); run as root, or with CAP_SYS_ADMIN"
              + " and CAP_NET_ADMIN");
    }
  }

  /** Names this run of the kernel; empty where /proc does not tell. */
  static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException hidden) {
      return "";
    }
  }

  /** As uname -n prints it; empty where /proc does not tell. */
  static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException hidden) {
      return "";
    }
  }

  /** The release as uname -r prints it. */
  static String release() {
    return System.getProperty("os.version", "");
  }

  static void kernel(String release) {
    Matcher matcher = RELEASE.matcher(release);
    if (!matcher.matches()) {
      throw new CannotRunException("kernel release: '" + release + "' (expected: 5.15 or later)");
    }
    int major = Integer.parseInt(matcher.group(1));
    int minor = Integer.parseInt(matcher.group(2));
    if (major < MIN_MAJOR || (major == MIN_MAJOR && minor < MIN_MINOR)) {
      throw new CannotRunException(
          "kernel "
              + release
              + " is too old (expected: 5.15 or later, for netns cookies in sk_msg);"
              + " boot a newer kernel");
    }
  }

  /** Finds the cgroup v2 hierarchy. */
  static CgroupTree cgroups() {
    return CgroupTree.find()
        .orElseThrow(
            () ->
                new CannotRunException(
                    "find cgroup v2 failed: it is not mounted; mount it with 'mount -t cgroup2 none"
                        + " /sys/fs/cgroup/unified'"));
  }

  /** Mounts what the programs need. A pin directory elsewhere must be on a bpffs already. */
  static void mounts(Path pins) {
    try {
      if (pins.startsWith(BPFFS) && !isBpffs(BPFFS)) {
        Linux.mountBpffs(BPFFS);
      }
    } catch (IOException unreadable) {
      throw new CannotRunException("read file system of " + BPFFS + " failed", unreadable);
    }
    requireBpffs(pins);
    tracefs();
  }

  /** The tracepoints of rare system calls; the node runs without, and status says so. */
  private static void tracefs() {
    try {
      LOG.debug("tracefs at {}", Linux.tracefs());
    } catch (BpfException failed) {
      LOG.warn("{}; workloads that use splice are not recognised", failed.getMessage());
    }
  }

  private static void requireBpffs(Path pins) {
    Path existing = pins.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      if (!isBpffs(existing)) {
        throw new CannotRunException(
            "--pin-dir " + pins + " is not on a bpffs; mount one with 'mount -t bpf bpf DIR'");
      }
    } catch (IOException unreadable) {
      throw new CannotRunException("read file system of " + existing + " failed", unreadable);
    }
  }

  private static boolean isBpffs(Path path) throws IOException {
    return Files.getFileStore(path).type().equals("bpf");
  }
}
