package dev.shunt.agent;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.NetnsState;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.programs.HookBudget;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.observe.NamespaceStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watched network namespaces: opens those that appear, hooks their interfaces, keeps the local
 * addresses and the refresh interval up to date, lets go of those that vanish. {@link #scan}
 * belongs to the loop thread; the rest may be called from any.
 */
final class NamespaceWatch {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceWatch.class);
  private static final Duration REFRESH_MAX = Duration.ofSeconds(30);
  private static final int REFRESHES_PER_TIMEOUT = 3;

  private final SockmapDatapath datapath;
  private final Supplier<Map<String, Path>> pods;
  private final Map<String, Watched> watched = new LinkedHashMap<>();
  private boolean behind;

  /** By name, what was last logged of it: a lasting trouble is told once. */
  private final Map<String, String> troubles = new HashMap<>();

  /**
   * Watches for a data path.
   *
   * @param pods namespace files of pods by name, now; other names are those of iproute2
   */
  NamespaceWatch(SockmapDatapath datapath, Supplier<Map<String, Path>> pods) {
    this.datapath = datapath;
    this.pods = pods;
  }

  /** An open namespace, and the inode that its name led to. */
  private static final class Watched {
    final NetworkNamespace namespace;
    final long inode;
    List<String> interfaces = List.of();
    Set<InetAddress> addresses = Set.of();
    Optional<Duration> conntrackTimeout = Optional.empty();

    Watched(NetworkNamespace namespace, long inode) {
      this.namespace = namespace;
      this.inode = inode;
    }
  }

  /**
   * One pass over the wanted names. What the budget does not suffice for is left to the next one: a
   * namespace is not opened before its interfaces can be hooked.
   *
   * @return whether a namespace came or went
   */
  synchronized boolean scan(Set<String> wanted, HookBudget budget) {
    Map<String, Path> files = new TreeMap<>(pods.get());
    wanted.forEach(name -> files.computeIfAbsent(name, NetworkNamespace::file));
    files.keySet().retainAll(wanted);
    boolean changed = close(files);
    troubles.keySet().retainAll(wanted);
    behind = false;
    for (Watched entry : watched.values()) {
      look(entry, budget);
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      changed |= open(file.getKey(), file.getValue(), budget);
    }
    Set<InetAddress> addresses = new HashSet<>();
    Duration refresh = REFRESH_MAX;
    for (Watched entry : watched.values()) {
      addresses.addAll(entry.addresses);
      refresh = shorter(refresh, entry.conntrackTimeout);
    }
    datapath.maps().addresses().replace(addresses);
    datapath.maps().config().setLong("refresh_ns", refresh.toNanos());
    return changed;
  }

  /** Whether the last pass has left hooks to the next one. */
  synchronized boolean isBehind() {
    return behind;
  }

  /** Brings one namespace up to date; what cannot be read stays as it was. */
  private void look(Watched entry, HookBudget budget) {
    String name = entry.namespace.name();
    try {
      NetworkNamespace.Facts facts = entry.namespace.facts();
      entry.addresses = facts.addresses();
      entry.conntrackTimeout = facts.conntrackTimeout();
      hook(entry, facts.interfaces(), budget);
      troubles.remove(name);
    } catch (RuntimeException failed) {
      tell(name, "look at network namespace " + name + " failed: " + failed.getMessage());
    }
  }

  private void tell(String name, String trouble) {
    if (!trouble.equals(troubles.put(name, trouble))) {
      LOG.warn("{}; looking again every few seconds", trouble);
    }
  }

  private static Duration shorter(Duration refresh, Optional<Duration> timeout) {
    return timeout
        .map(value -> value.dividedBy(REFRESHES_PER_TIMEOUT))
        .filter(value -> value.compareTo(refresh) < 0)
        .orElse(refresh);
  }

  private boolean close(Map<String, Path> wanted) {
    boolean changed = false;
    for (Watched entry : List.copyOf(watched.values())) {
      String name = entry.namespace.name();
      Path file = wanted.get(name);
      if (file == null || inode(file).orElse(0) != entry.inode) {
        watched.remove(name);
        datapath.maps().netns().remove(entry.namespace.cookie());
        datapath.unhook(entry.namespace);
        entry.namespace.close();
        LOG.info("network namespace {} is gone or no longer wanted", name);
        changed = true;
      }
    }
    return changed;
  }

  private boolean open(String name, Path file, HookBudget budget) {
    if (watched.containsKey(name)) {
      return false;
    }
    if (!budget.isLeft()) {
      behind = true;
      return false;
    }
    OptionalLong inode = inode(file);
    if (inode.isEmpty()) {
      tell(name, "network namespace " + name + " does not exist yet");
      return false;
    }
    try {
      Watched entry = new Watched(NetworkNamespace.open(name, file), inode.getAsLong());
      watched.put(name, entry);
      look(entry, budget);
      return true;
    } catch (BpfException failed) {
      tell(name, String.valueOf(failed.getMessage()));
      return false;
    }
  }

  private static OptionalLong inode(Path file) {
    try {
      return OptionalLong.of((Long) Files.getAttribute(file, "unix:ino"));
    } catch (IOException absent) {
      return OptionalLong.empty();
    }
  }

  private void hook(Watched entry, Map<String, Integer> interfaces, HookBudget budget) {
    entry.interfaces = datapath.hook(entry.namespace, interfaces, budget);
    behind |= entry.interfaces.size() < interfaces.size() && !budget.isLeft();
    long cookie = entry.namespace.cookie();
    NetnsState state = datapath.maps().netns().get(cookie).orElse(new NetnsState(0, 0));
    int flags =
        entry.interfaces.isEmpty()
            ? state.flags() & ~NetnsState.HOOKED
            : state.flags() | NetnsState.HOOKED;
    NetnsState wanted = new NetnsState(flags, state.endpoint());
    if (datapath.maps().netns().get(cookie).filter(wanted::equals).isEmpty()) {
      datapath.maps().netns().put(cookie, wanted);
    }
  }

  /** Names that are open now. */
  synchronized Set<String> names() {
    return Set.copyOf(watched.keySet());
  }

  /** Cookies of the open namespaces. */
  synchronized Set<Long> cookies() {
    Set<Long> cookies = new HashSet<>();
    watched.values().forEach(entry -> cookies.add(entry.namespace.cookie()));
    return cookies;
  }

  /** The cookie of an open namespace. */
  synchronized OptionalLong cookie(String name) {
    Watched entry = watched.get(name);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.namespace.cookie());
  }

  /** The name of an open namespace; {@code cookie:N} for another. */
  synchronized String name(long cookie) {
    for (Watched entry : watched.values()) {
      if (entry.namespace.cookie() == cookie) {
        return entry.namespace.name();
      }
    }
    return "cookie:" + Long.toUnsignedString(cookie);
  }

  /** The open namespaces. */
  synchronized List<NetworkNamespace> all() {
    List<NetworkNamespace> namespaces = new ArrayList<>();
    watched.values().forEach(entry -> namespaces.add(entry.namespace));
    return namespaces;
  }

  /** For status. */
  synchronized List<NamespaceStatus> status() {
    List<NamespaceStatus> status = new ArrayList<>();
    for (Watched entry : watched.values()) {
      NetworkNamespace namespace = entry.namespace;
      status.add(
          new NamespaceStatus(
              namespace.name(),
              namespace.cookie(),
              entry.interfaces,
              datapath.hookError(namespace)));
    }
    return status;
  }

  /** Closes the namespaces; hooks stay as they are. */
  synchronized void close() {
    watched.values().forEach(entry -> entry.namespace.close());
    watched.clear();
  }
}
