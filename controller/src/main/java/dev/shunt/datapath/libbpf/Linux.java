package dev.shunt.datapath.libbpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The Linux system calls and files that the data path needs beside BPF.
 *
 * <p>Stateless and thread-safe. What depends on a namespace takes the calling thread's.
 */
public final class Linux {
  /** {@code O_RDONLY | O_CLOEXEC}, the same on x86-64 and arm64. */
  private static final int OPEN_READ = 0x80000;

  /** flock(2). */
  private static final int LOCK_SH = 1;

  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  private static final int CLONE_NEWNET = 0x40000000;
  private static final int SOL_SOCKET = 1;

  /** Since kernel 5.14. */
  private static final int SO_NETNS_COOKIE = 71;

  /** linux/sockios.h. */
  private static final int SIOCGIFFLAGS = 0x8913;

  private static final int SIOCSIFFLAGS = 0x8914;

  /** {@code struct ifreq} of linux/if.h: a name, then a union that begins with the flags. */
  private static final int IFREQ_BYTES = 40;

  private static final int IFREQ_FLAGS = 16;
  private static final int IFF_UP = 1;

  /** clock_gettime(2). */
  private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final List<Path> TRACEFS =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  private Linux() {}

  /** Opens a file or directory for reading. The caller closes it. */
  public static Fd open(Path path) {
    int fd = NativeLibc.LIBC.open(path.toString(), OPEN_READ);
    return Fd.owned(NativeLibc.check(fd, "open", path), path.toString());
  }

  /**
   * Locks an open file or directory against other processes until it is closed (flock(2)).
   *
   * @return false when another has locked it
   */
  public static boolean lock(Fd file) {
    return flock(file, LOCK_EX);
  }

  /**
   * As {@link #lock}, but others may hold the same kind of lock.
   *
   * @return false when another has locked it for itself alone
   */
  public static boolean lockShared(Fd file) {
    return flock(file, LOCK_SH);
  }

  private static boolean flock(Fd file, int operation) {
    int result = NativeLibc.LIBC.flock(file.number(), operation | LOCK_NB);
    if (result < 0 && NativeLibc.errno() == Errno.EAGAIN) {
      return false;
    }
    NativeLibc.check(result, "lock", file);
    return true;
  }

  /** Moves the calling thread for good into a network namespace; see {@link Netns} first. */
  public static void setNetns(Fd namespace) {
    NativeLibc.check(
        NativeLibc.LIBC.setns(namespace.number(), CLONE_NEWNET),
        "enter network namespace",
        namespace);
  }

  /** Moves the calling thread for good into a new network namespace; see {@link Netns} first. */
  public static void unshareNetns() {
    NativeLibc.check(
        NativeLibc.LIBC.unshare(CLONE_NEWNET), "make network namespace", "of the thread");
  }

  /** The kernel's cookie of the calling thread's network namespace; kernel 5.14 and newer. */
  public static long netnsCookie() {
    int number = NativeLibc.LIBC.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    NativeLibc.check(number, "open socket", "for the namespace cookie");
    try (Fd socket = Fd.owned(number, "socket")) {
      NativeBuffer cookie = new NativeBuffer(Long.BYTES);
      NativeBuffer length = new NativeBuffer(Integer.BYTES).putInt(0, Long.BYTES);
      int result =
          NativeLibc.LIBC.getsockopt(
              socket.number(), SOL_SOCKET, SO_NETNS_COOKIE, cookie.pointer(), length.pointer());
      NativeLibc.check(result, "read cookie", "of the network namespace");
      cookie.fence();
      length.fence();
      return cookie.getLong(0);
    }
  }

  /** Index of an interface of the calling thread's network namespace; ENODEV if there is none. */
  public static int ifindex(String name) {
    int index = NativeLibc.LIBC.if_nametoindex(name);
    if (index == 0) {
      throw new BpfException("find interface", name, NativeLibc.errno());
    }
    return index;
  }

  /**
   * Brings an interface of the calling thread's network namespace up (netdevice(7)); needs
   * CAP_NET_ADMIN there.
   *
   * @param device at most 15 ASCII characters
   */
  public static void bringUp(String device) {
    NativeBuffer request = new NativeBuffer(IFREQ_BYTES);
    NativeBuffer name = NativeBuffer.of(device);
    if (name.size() > IFREQ_FLAGS) {
      throw new BpfException("bring up", device, Errno.EINVAL);
    }
    request.bytes().put(0, name.bytes(), 0, name.size());
    int number = NativeLibc.LIBC.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    NativeLibc.check(number, "open socket", "to bring up " + device);
    try (Fd socket = Fd.owned(number, "socket")) {
      int result = NativeLibc.LIBC.ioctl(socket.number(), SIOCGIFFLAGS, request.pointer());
      NativeLibc.check(result, "read flags of", device);
      short flags = request.bytes().getShort(IFREQ_FLAGS);
      request.bytes().putShort(IFREQ_FLAGS, (short) (flags | IFF_UP));
      result = NativeLibc.LIBC.ioctl(socket.number(), SIOCSIFFLAGS, request.pointer());
      NativeLibc.check(result, "bring up", device);
      request.fence();
    }
  }

  /** Bytes of a page of memory. */
  public static int pageBytes() {
    return NativeLibc.LIBC.getpagesize();
  }

  /**
   * CPU time that all threads of this process have used, in nanoseconds. The JDK tells the same in
   * hundredths of a second.
   */
  public static long processCpuNanos() {
    NativeBuffer time = new NativeBuffer(2 * Long.BYTES);
    NativeLibc.check(
        NativeLibc.LIBC.clock_gettime(CLOCK_PROCESS_CPUTIME_ID, time.pointer()),
        "read CPU time",
        "of this process");
    time.fence();
    return time.getLong(0) * NANOS_PER_SECOND + time.getLong(Long.BYTES);
  }

  /** The effective user id; 0 is root. */
  public static int effectiveUser() {
    return NativeLibc.LIBC.geteuid();
  }

  /** Whether the process holds a capability, by its number in linux/capability.h. */
  public static boolean hasCapability(int number) {
    return (effectiveCapabilities() >>> number & 1) == 1;
  }

  /** The effective capabilities as a bit mask. */
  public static long effectiveCapabilities() {
    return readLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
        .findFirst()
        .orElse(0L);
  }

  /** Mounts a BPF file system at an existing directory. */
  public static void mountBpffs(Path at) {
    mount("bpf", at);
  }

  /** Mounts the tracing file system at an existing directory. */
  public static void mountTracefs(Path at) {
    mount("tracefs", at);
  }

  private static void mount(String type, Path at) {
    NativeLibc.check(
        NativeLibc.LIBC.mount(type, at.toString(), type, 0, null), "mount " + type + " at", at);
  }

  /** Where tracefs is; mounted at its usual place when it is nowhere and the caller may. */
  public static Path tracefs() {
    for (Path candidate : TRACEFS) {
      if (Files.isDirectory(candidate.resolve("events"))) {
        return candidate;
      }
    }
    mountTracefs(TRACEFS.get(0));
    return TRACEFS.get(0);
  }

  /** Where a file system of a type, e.g. {@code cgroup2} or {@code bpf}, is mounted first. */
  public static Optional<Path> mountOf(String type) {
    return mountOf(type, fields -> true);
  }

  /** Where one of a type is mounted first with an option, e.g. {@code memory}. */
  public static Optional<Path> mountOf(String type, String option) {
    return mountOf(
        type, fields -> fields.length > 3 && List.of(fields[3].split(",")).contains(option));
  }

  private static Optional<Path> mountOf(String type, Predicate<String[]> meant) {
    return readLines(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length > 2 && fields[2].equals(type) && meant.test(fields))
        .map(fields -> Path.of(unescapeMount(fields[1])))
        .findFirst();
  }

  /** Whether something is mounted there, as seen by this process. */
  public static boolean isMountPoint(Path path) {
    String place = path.toAbsolutePath().normalize().toString();
    return readLines(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" "))
        .anyMatch(fields -> fields.length > 1 && unescapeMount(fields[1]).equals(place));
  }

  /** Blank, tab and backslash are octal in lists of mounts (proc_pid_mounts(5), fstab(5)). */
  public static String unescapeMount(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }

  /** The kernel's id of a cgroup v2 directory: its inode number (kernfs, 64-bit kernels). */
  public static long cgroupId(Path directory) {
    return number(directory, "unix:ino");
  }

  /** The file that a path leads to, as BPF programs see it in an inode. */
  public static FileIdentity identityOf(Path file) {
    return FileIdentity.ofStat(number(file, "unix:dev"), number(file, "unix:ino"));
  }

  private static long number(Path file, String attribute) {
    try {
      return ((Number) Files.getAttribute(file, attribute)).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + attribute + " of " + file + " failed", e);
    }
  }

  private static List<String> readLines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + file + " failed", e);
    }
  }

  /** Numbers of the CPUs that are online (cpu/online of sysfs: {@code 0-3,6}). */
  static List<Integer> onlineCpus() {
    Path file = Path.of("/sys/devices/system/cpu/online");
    try {
      List<Integer> cpus = new ArrayList<>();
      for (String range : Files.readString(file).strip().split(",", -1)) {
        String[] ends = range.split("-", 2);
        int last = Integer.parseInt(ends[ends.length - 1]);
        for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
          cpus.add(cpu);
        }
      }
      return cpus;
    } catch (IOException missing) {
      throw new UncheckedIOException("read " + file + " failed: " + missing.getMessage(), missing);
    }
  }
}
