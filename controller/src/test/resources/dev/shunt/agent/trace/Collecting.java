import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** A server of HTTP whose heap takes a while to collect: as often as the path has a "gc" in it. */
public class Collecting {
  private static final List<Object> KEPT = new ArrayList<>();

  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < 1_500_000; i++) {
      KEPT.add(new Object[] {Integer.toString(i)});
    }
    System.gc(); // all of that is old from now on
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          int collections = exchange.getRequestURI().getPath().split("gc", -1).length - 1;
          for (int i = 0; i < collections; i++) {
            System.gc();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    System.out.println(server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // until nobody needs it any more
    }
    System.exit(0);
  }
}
