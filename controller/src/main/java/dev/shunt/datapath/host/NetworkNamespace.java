package dev.shunt.datapath.host;

import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.Netns;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network namespace that the node watches, held open so that it can be entered after its name is
 * gone. Thread-safe; closed by whoever opened it.
 */
public final class NetworkNamespace implements AutoCloseable {
  /** Name of the namespace that the node itself runs in. */
  public static final String HOST = "host";

  /** Where iproute2 keeps named namespaces. */
  public static final Path NAMED = Path.of("/run/netns");

  private static final Path CONNTRACK_TIMEOUT =
      Path.of("/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established");

  private static final int NUMBER_BYTES_MAX = 32;

  private final String name;
  private final Fd fd;
  private final long cookie;

  private NetworkNamespace(String name, Fd fd) {
    this.name = name;
    this.fd = fd;
    cookie = Netns.call(fd, Linux::netnsCookie);
  }

  /** What a namespace has at one moment. */
  public record Facts(
      Map<String, Integer> interfaces,
      Set<InetAddress> addresses,
      Optional<Duration> conntrackTimeout) {
    /** Copies the collections. */
    public Facts {
      interfaces = Map.copyOf(interfaces);
      addresses = Set.copyOf(addresses);
    }
  }

  /**
   * Opens a namespace.
   *
   * @param name {@link #HOST}, a name under {@link #NAMED}, or the path of a namespace file
   */
  public static NetworkNamespace open(String name) {
    return open(name, file(name));
  }

  /** Opens the namespace that a file leads to, under any name. */
  public static NetworkNamespace open(String name, Path file) {
    Fd fd = Linux.open(file);
    try {
      return new NetworkNamespace(name, fd);
    } catch (RuntimeException failed) {
      fd.close(); // a name under /run/netns may be a plain file: its namespace is gone
      throw failed;
    }
  }

  /** A namespace whose descriptor the caller hands over. */
  public static NetworkNamespace of(String name, Fd fd) {
    return new NetworkNamespace(name, fd);
  }

  /** The file that names a namespace. */
  public static Path file(String name) {
    if (name.equals(HOST)) {
      return Path.of("/proc/self/ns/net");
    }
    return name.startsWith("/") ? Path.of(name) : NAMED.resolve(name);
  }

  /** Names under {@link #NAMED}; none when the directory is not there. */
  public static List<String> named() {
    if (!Files.isDirectory(NAMED)) {
      return List.of();
    }
    try (var files = Files.list(NAMED)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** Those under {@link #NAMED}, by name. */
  public static Map<String, Path> namedFiles() {
    Map<String, Path> files = new TreeMap<>();
    named().forEach(name -> files.put(name, file(name)));
    return files;
  }

  /** As given when it was opened. */
  public String name() {
    return name;
  }

  /** SO_NETNS_COOKIE: what the programs know it by. */
  public long cookie() {
    return cookie;
  }

  /** The namespace itself, for {@link Netns#call(Fd, java.util.concurrent.Callable)}. */
  public Fd fd() {
    return fd;
  }

  /** Interfaces by name with their indexes, addresses, and the conntrack timeout. */
  public Facts facts() {
    return Netns.call(
        fd, () -> new Facts(interfaces(), LocalAddresses.ofThisThread(), conntrackTimeout()));
  }

  private static Map<String, Integer> interfaces() throws IOException {
    Map<String, Integer> found = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/dev"))) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String device = line.substring(0, colon).strip();
        found.put(device, Linux.ifindex(device));
      }
    }
    return found;
  }

  private static Optional<Duration> conntrackTimeout() throws IOException {
    if (!Files.isReadable(CONNTRACK_TIMEOUT)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(CONNTRACK_TIMEOUT)) {
      // In one read: a number under /proc/sys has no second one (proc_dointvec, kernel/sysctl.c),
      // and Files.readString starts with a single byte where the file's size is 0.
      String seconds = new String(in.readNBytes(NUMBER_BYTES_MAX), StandardCharsets.US_ASCII);
      return Optional.of(Duration.ofSeconds(Long.parseLong(seconds.strip())));
    }
  }

  /** Addresses of the network namespace that the calling thread is in. */
  static final class LocalAddresses {
    private LocalAddresses() {}

    static Set<InetAddress> ofThisThread() throws IOException {
      Set<InetAddress> found = new HashSet<>();
      readIpv4(found);
      readIpv6(found);
      return found;
    }

    /* Local routes: "|-- ADDRESS" followed by "/32 host LOCAL" (net/ipv4/fib_trie.c). */
    private static void readIpv4(Set<InetAddress> found) throws IOException {
      String address = "";
      for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/fib_trie"))) {
        String text = line.strip();
        if (text.startsWith("|--")) {
          address = text.substring("|--".length()).strip();
        } else if (text.equals("/32 host LOCAL")) {
          found.add(InetAddress.getByName(address));
        }
      }
    }

    private static void readIpv6(Set<InetAddress> found) throws IOException {
      Path table = Path.of("/proc/thread-self/net/if_inet6");
      if (!Files.exists(table)) {
        return;
      }
      for (String line : Files.readAllLines(table)) {
        byte[] raw = java.util.HexFormat.of().parseHex(line.substring(0, line.indexOf(' ')));
        found.add(InetAddress.getByAddress(raw));
      }
    }
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
