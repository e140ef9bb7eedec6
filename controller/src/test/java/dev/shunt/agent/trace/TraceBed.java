package dev.shunt.agent.trace;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A hub over the real kernel, and a network namespace called "test". One thread; closing ends all.
 */
final class TraceBed implements AutoCloseable {
  static final CgroupTree TREE = CgroupTree.find().orElseThrow();
  static final Duration LIMIT = Duration.ofSeconds(20);

  final TestNetns netns = new TestNetns();
  final TraceHub hub;
  private final List<DelayedPath> paths = new ArrayList<>();
  private final long cookie = netns.call(Linux::netnsCookie);

  TraceBed(OpenTrace.Rates rates) {
    TraceNames names =
        new TraceNames(
            id -> id == cookie ? "test" : "other",
            name -> name.equals("test") ? OptionalLong.of(cookie) : OptionalLong.empty(),
            namespace -> "",
            new TraceNames.Cgroups(TraceBed::path, TraceBed::id));
    hub = new TraceHub(new Libbpf(), names, consumer -> Set.of(), rates);
  }

  private static String path(long id) {
    return TREE.path(id).map(path -> "/" + TREE.root().relativize(path)).orElse("");
  }

  private static Optional<Long> id(String path) {
    Path directory = TREE.root().resolve(path.replaceFirst("^/+", ""));
    return Files.isDirectory(directory) ? Optional.of(TREE.id(directory)) : Optional.empty();
  }

  /** That the kernel counts what it tells by. */
  static long second() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }

  /** The number of the namespace. */
  long cookie() {
    return cookie;
  }

  /** Reads a module in the namespace, without an end. */
  CollectingSink read(TraceModule module) {
    return read(module, new TraceQuery.Filter(0, 0, "test", ""), Duration.ZERO);
  }

  CollectingSink read(TraceModule module, TraceQuery.Filter filter, Duration duration) {
    CollectingSink sink = new CollectingSink();
    hub.trace(new TraceQuery(module, filter, duration, Duration.ofMillis(100)), sink);
    return sink;
  }

  /** From now on the addresses of {@link DelayedPath} are so far away, each way. */
  void delay(Duration delay) {
    paths.add(DelayedPath.open(netns, delay));
  }

  ServerSocket listen(String address) {
    return netns.call(() -> new ServerSocket(0, 50, InetAddress.getByName(address)));
  }

  /** Connects; the failure, or nothing. */
  Optional<IOException> tryConnect(String address, int port, Duration limit) {
    return netns.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) limit.toMillis());
            return Optional.empty();
          } catch (IOException failed) {
            return Optional.of(failed);
          }
        });
  }

  /** Ids of the programs that this process holds through links. */
  static Set<Integer> attached() {
    return attached(ProcessHandle.current().pid());
  }

  /** Ids of the programs that a process holds through links. */
  static Set<Integer> attached(long pid) {
    Set<Integer> programs = new HashSet<>();
    Path descriptors = Path.of("/proc", Long.toString(pid), "fdinfo");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
      for (Path file : files) {
        String facts = read(file);
        if (facts.contains("link_type:")) {
          facts
              .lines()
              .filter(line -> line.startsWith("prog_id:"))
              .forEach(line -> programs.add(Integer.parseInt(line.substring(8).strip())));
        }
      }
      return programs;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException closed) {
      return "";
    }
  }

  @Override
  public void close() {
    hub.close();
    paths.forEach(DelayedPath::close);
    netns.close();
  }
}
