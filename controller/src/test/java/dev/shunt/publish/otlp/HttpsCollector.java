package dev.shunt.publish.otlp;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.shunt.publish.grpc.SelfSigned;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A collector of this process that takes spans by HTTP behind TLS, with the certificate that {@link
 * SelfSigned} made as {@code collector}. Closing stops it.
 */
final class HttpsCollector implements AutoCloseable {
  private final HttpsServer server;

  private HttpsCollector(SSLContext context, SSLParameters chosen) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(chosen);
          }
        });
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  /** Starts one that takes calls of everybody. */
  static HttpsCollector start(Path files) throws Exception {
    return start(files, Optional.empty());
  }

  /** Starts one that takes calls of those only whose certificates this one has signed. */
  static HttpsCollector startMutual(Path files, Path clientCa) throws Exception {
    return start(files, Optional.of(clientCa));
  }

  private static HttpsCollector start(Path files, Optional<Path> clientCa) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(SelfSigned.keys(files, "collector"), SelfSigned.PASSWORD.toCharArray());
    TrustManager @Nullable [] trusted =
        clientCa.isPresent() ? TrustedAuthorities.read(clientCa.get()).getTrustManagers() : null;
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusted, null);
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setNeedClientAuth(clientCa.isPresent());
    return new HttpsCollector(context, parameters);
  }

  String url() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
