package dev.shunt.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics} over HTTP. Two threads of its own.
 * Lifecycle: serving from {@link #start} until {@link #close}.
 */
final class PlaneHealth implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService threads;

  private PlaneHealth(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts serving.
   *
   * @param unready why the process is not ready; empty when it is
   * @throws IOException with one sentence for the user when it cannot listen
   */
  static PlaneHealth start(
      InetSocketAddress address, PrometheusRegistry registry, Supplier<String> unready)
      throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "health");
              thread.setDaemon(true);
              return thread;
            });
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.setExecutor(threads);
      server.createContext("/livez", exchange -> answer(exchange, ""));
      server.createContext("/readyz", exchange -> answer(exchange, unready.get()));
      server.createContext("/metrics", new MetricsHandler(registry));
      server.start();
      return new PlaneHealth(server, threads);
    } catch (IOException e) {
      threads.shutdown();
      throw new IOException(
          "listen on %s:%d for health and metrics failed: %s"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /** The port in use. */
  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, String fault) throws IOException {
    byte[] text = (fault.isEmpty() ? "ok\n" : fault + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(fault.isEmpty() ? OK : UNAVAILABLE, text.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
