package dev.shunt.e2e.verify.programs.jvm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Executors;

/** The JDK's HTTP server and client. Main thread; no state. */
final class HttpPeer {
  private static final int REQUESTS = 200;
  private static final int[] SIZES = {1, 100, 1024, 4096, 16384, 65536, 1024, 262144};
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private HttpPeer() {}

  static void serve(InetSocketAddress address, byte[] payload) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", exchange -> answer(exchange, payload));
    server.start();
  }

  private static void answer(HttpExchange exchange, byte[] payload) throws IOException {
    byte[] body;
    if (exchange.getRequestMethod().equals("POST")) {
      body = digest(exchange.getRequestBody().readAllBytes());
    } else {
      String path = exchange.getRequestURI().getPath();
      body = Arrays.copyOf(payload, Integer.parseInt(path.substring("/bytes/".length())));
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).getBytes(StandardCharsets.US_ASCII);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  static void ask(InetSocketAddress address, byte[] payload) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    String base = "http://" + address.getHostString() + ":" + address.getPort();
    long received = 0;
    for (int number = 0; number < REQUESTS; number++) {
      int size = SIZES[number % SIZES.length];
      byte[] body = Arrays.copyOfRange(payload, size, 2 * size);
      boolean posts = number % 4 == 3;
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/bytes/" + size));
      request.timeout(LIMIT);
      if (posts) {
        request.POST(BodyPublishers.ofByteArray(body));
      }
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      byte[] expected = posts ? digest(body) : Arrays.copyOf(payload, size);
      if (!Arrays.equals(response.body(), expected)) {
        throw new IllegalStateException("request " + number + ": other bytes");
      }
      received += response.body().length;
    }
    System.out.println("answered " + REQUESTS);
    System.out.println("received " + received);
  }
}
