package dev.shunt.agent;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.CommandException;
import dev.shunt.cli.ExitCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Stands where the node's probes were, once nothing of Shunt is left on the host: a pod that ended
 * instead would be started again. One thread.
 */
final class RemovedSign {
  private static final int PORT_MAX = 65535;
  private static final int OK = 200;
  private static final byte[] TEXT = "removed\n".getBytes(StandardCharsets.UTF_8);

  private final InetSocketAddress address;

  private RemovedSign(InetSocketAddress address) {
    this.address = address;
  }

  /** From HOST:PORT; an IPv6 address may stand in brackets or bare. */
  static RemovedSign at(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 1 ? "" : text.substring(0, colon).replaceAll("[\\[\\]]", "");
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (!host.isEmpty() && port >= 0 && port <= PORT_MAX) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (!address.isUnresolved()) {
          return new RemovedSign(address);
        }
      }
    } catch (NumberFormatException noPort) {
      throw refused(text, noPort);
    }
    throw refused(text, null);
  }

  private static CommandException refused(String text, @Nullable NumberFormatException cause) {
    String message = "--stay: '" + text + "' (expected: an address of this host and a port)";
    return cause == null
        ? new CommandException(ExitCode.USAGE, message)
        : new CommandException(ExitCode.USAGE, message, cause);
  }

  /** Answers until this thread is interrupted or the process is told to end. */
  void show() throws InterruptedException {
    try {
      HttpServer server = start();
      try {
        new CountDownLatch(1).await();
      } finally {
        server.stop(0);
      }
    } catch (IOException failed) {
      throw new CannotRunException(
          "listen on %s failed: %s; everything is removed".formatted(address, failed.getMessage()),
          failed);
    }
  }

  /** Answers each path: whoever asks wants to know whether it is done. The caller stops it. */
  HttpServer start() throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(OK, TEXT.length);
            exchange.getResponseBody().write(TEXT);
          }
        });
    server.start();
    return server;
  }
}
