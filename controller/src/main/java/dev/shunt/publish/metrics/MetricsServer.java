package dev.shunt.publish.metrics;

import dev.shunt.observe.NodeView;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves {@code GET /metrics} of a node and its JVM over HTTP, and the probes of {@link
 * ProbeHandler}.
 *
 * <p>Threads: up to two of its own, which read the view while scraped. Lifecycle: serving from
 * {@link #start} until {@link #close}; the view must outlive it.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int SCRAPES_MAX = 2;
  private static final int WAITING_MAX = 16;
  private static final long IDLE_SECONDS = 30;

  private final HTTPServer server;

  private MetricsServer(HTTPServer server) {
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @param address to listen on; port 0 takes a free one
   * @throws IOException with one sentence for the user when it cannot be bound
   */
  public static MetricsServer start(NodeView view, InetSocketAddress address) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    registry.register(new NodeCollector(view));
    ThreadPoolExecutor threads = threads();
    try {
      return new MetricsServer(
          HTTPServer.builder()
              .inetAddress(address.getAddress())
              .port(address.getPort())
              .registry(registry)
              .defaultHandler(new ProbeHandler(() -> view.status().readiness()))
              .executorService(threads)
              .buildAndStart());
    } catch (IOException e) {
      threads.shutdown();
      throw new IOException(
          "listen on %s:%d for metrics failed: %s"
              .formatted(address.getAddress().getHostAddress(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /** Reads what is served of the node, without its JVM, for whoever sends it elsewhere. */
  public static Supplier<MetricSnapshots> snapshots(NodeView view) {
    return new NodeCollector(view)::collect;
  }

  /** The port in use. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.close();
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            SCRAPES_MAX,
            SCRAPES_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "metrics");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.AbortPolicy());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
