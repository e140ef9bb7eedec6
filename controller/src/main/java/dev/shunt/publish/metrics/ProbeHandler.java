package dev.shunt.publish.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.shunt.observe.NodeStatus.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Answers what an orchestrator asks: {@code GET /livez}, 200 as long as the process answers at all,
 * and {@code GET /readyz}, 200 when the node does its work and 503 with the cause when not. Called
 * by the server's threads, keeps nothing.
 */
final class ProbeHandler implements HttpHandler {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final Supplier<Readiness> readiness;

  ProbeHandler(Supplier<Readiness> readiness) {
    this.readiness = readiness;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/livez" -> answer(exchange, OK, "alive");
      case "/readyz" -> ready(exchange);
      default -> answer(exchange, NOT_FOUND, "here are /metrics, /livez and /readyz");
    }
  }

  private void ready(HttpExchange exchange) throws IOException {
    Readiness now = readiness.get();
    String text = now.detail().isEmpty() ? "ready" : now.detail();
    answer(exchange, now.ready() ? OK : UNAVAILABLE, text);
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
