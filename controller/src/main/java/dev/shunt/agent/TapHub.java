package dev.shunt.agent;

import dev.shunt.datapath.layout.TapFilterRow;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.FileIdentity;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.programs.OpenTap;
import dev.shunt.datapath.programs.Taps;
import dev.shunt.observe.TapQuery;
import dev.shunt.observe.TapSink;
import dev.shunt.observe.TapSource;
import dev.shunt.observe.TapSource.TapRefusedException.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens taps for callers, each with a thread of its own that reads its ring. Thread-safe; closed by
 * the node, before the data path.
 */
final class TapHub implements TapSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TapHub.class);

  private final Taps taps;
  private final NamespaceWatch namespaces;
  private final WorkloadNames workloads;
  private final List<TapReading> readings = new CopyOnWriteArrayList<>();
  private boolean closed;

  TapHub(Taps taps, NamespaceWatch namespaces, WorkloadNames workloads) {
    this.taps = taps;
    this.namespaces = namespaces;
    this.workloads = workloads;
  }

  @Override
  public synchronized void tap(TapQuery query, TapSink sink) {
    if (closed) {
      throw new IllegalStateException("the node stops");
    }
    TapFilterRow filter = filter(query);
    OpenTap tap =
        taps.open(filter, query.volume().bufferBytes())
            .orElseThrow(
                () ->
                    new TapRefusedException(
                        Cause.TOO_MANY,
                        "open tap failed: %d are open already; end one of them"
                            .formatted(Taps.MAX)));
    TapReading reading =
        new TapReading(
            tap,
            sink,
            namespaces::name,
            query.duration(),
            ended -> {
              readings.remove(ended);
              LOG.info("tap closed: {}", query.filter());
            });
    readings.add(reading);
    // That somebody looks is told; what is seen never is.
    LOG.info("tap opened: {}", query.filter());
    reading.start();
  }

  private TapFilterRow filter(TapQuery query) {
    TapQuery.Filter wanted = query.filter();
    FileIdentity executable = executable(wanted.executable());
    return new TapFilterRow(
        wanted.cookie(),
        wanted.namespace().isEmpty() ? 0 : namespace(wanted.namespace()),
        new Workload(
            wanted.cgroup().isEmpty() ? 0 : cgroup(wanted.cgroup()),
            executable.inode(),
            (int) executable.device()),
        wanted.port(),
        query.volume().sample(),
        query.volume().snapBytes());
  }

  private long namespace(String name) {
    OptionalLong cookie = namespaces.cookie(name);
    return cookie.orElseThrow(
        () ->
            notFound(
                "find network namespace %s failed: not watched; 'shunt status' lists those that are"
                    .formatted(name)));
  }

  private long cgroup(String path) {
    return workloads
        .cgroupId(path)
        .orElseThrow(
            () -> notFound("find cgroup %s failed: no such directory (ENOENT/2)".formatted(path)));
  }

  private static FileIdentity executable(String path) {
    if (path.isEmpty()) {
      return new FileIdentity(0, 0);
    }
    Path file = Path.of(path);
    if (!Files.isRegularFile(file)) {
      throw notFound("find executable %s failed: no such file (ENOENT/2)".formatted(path));
    }
    return Linux.identityOf(file);
  }

  private static TapRefusedException notFound(String message) {
    return new TapRefusedException(Cause.NOT_FOUND, message);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    readings.forEach(TapReading::stop);
  }
}
