import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A server of HTTP that makes garbage with each request; on the port that it is told. */
public class Allocating {
  private static final int GARBAGE_BYTES = 16 * 1024;
  private static final byte[] ANSWER = "x".repeat(64).getBytes(StandardCharsets.US_ASCII);

  private static volatile Object sink;

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.createContext(
        "/",
        exchange -> {
          sink = new byte[GARBAGE_BYTES];
          exchange.sendResponseHeaders(200, ANSWER.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(ANSWER);
          }
        });
    server.start();
  }
}
