package dev.shunt.ingest.kubernetes;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lists and watches over HTTP, as little of the API as a node asks for. Thread-safe; closing ends
 * all watches.
 */
public final class SmallApiServer implements AutoCloseable {
  private static final Gson JSON = new Gson();
  private static final long WATCH_MILLIS = 500;
  private static final int OK = 200;

  private final ExecutorService threads = Executors.newCachedThreadPool(SmallApiServer::daemon);
  private final HttpServer server;
  private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private int refusal;
  private boolean closed;

  private record Event(long version, String type, Map<String, Object> object) {}

  private SmallApiServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/api/v1/", this::answer);
    server.start();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "small-api-server");
    thread.setDaemon(true);
    return thread;
  }

  /** Serves on the loopback of the calling thread's network namespace. */
  public static SmallApiServer start() throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new SmallApiServer(HttpServer.create(at, 0));
  }

  /** Writes credentials for it. */
  public Path kubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: it
        clusters: [{name: it, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: it, user: {token: secret}}]
        contexts: [{name: it, context: {cluster: it, user: it}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  /** Adds or changes a pod of a node. */
  public void pod(PodObject pod) {
    put("Pod", pod.json());
  }

  /** Removes a pod. */
  public void removePod(String namespace, String name) {
    remove("Pod/" + namespace + "/" + name);
  }

  /** Adds or changes a namespace. */
  public void namespace(String name, Map<String, String> labels) {
    put("Namespace", new LinkedHashMap<>(Map.of("metadata", meta("", name, labels))));
  }

  /** Adds or changes a node. */
  public void node(String name, Map<String, String> labels) {
    put("Node", new LinkedHashMap<>(Map.of("metadata", meta("", name, labels))));
  }

  static Map<String, Object> meta(String namespace, String name, Map<String, String> labels) {
    Map<String, Object> meta = new LinkedHashMap<>(Map.of("name", name, "labels", labels));
    if (!namespace.isEmpty()) {
      meta.put("namespace", namespace);
    }
    return meta;
  }

  /** Answers every call with this code from now on; 0: as it should. Ends all watches. */
  public synchronized void refuse(int code) {
    refusal = code;
    notifyAll();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> metaOf(Map<String, Object> object) {
    return (Map<String, Object>) object.getOrDefault("metadata", Map.of());
  }

  private synchronized void put(String kind, Map<String, Object> object) {
    Map<String, Object> meta = metaOf(object);
    String key = kind + "/" + meta.getOrDefault("namespace", "") + "/" + meta.get("name");
    long version = version() + 1;
    meta.put("resourceVersion", Long.toString(version));
    object.put("kind", kind);
    object.put("apiVersion", "v1");
    String type = objects.put(key, object) == null ? "ADDED" : "MODIFIED";
    events.add(new Event(version, type, object));
    notifyAll();
  }

  private synchronized void remove(String key) {
    Map<String, Object> object = objects.remove(key);
    if (object == null) {
      throw new IllegalArgumentException(key + " is not there");
    }
    Map<String, Object> gone = new LinkedHashMap<>(object);
    Map<String, Object> meta = new LinkedHashMap<>(metaOf(object));
    long version = version() + 1;
    meta.put("resourceVersion", Long.toString(version));
    gone.put("metadata", meta);
    events.add(new Event(version, "DELETED", gone));
    notifyAll();
  }

  private long version() {
    return events.isEmpty() ? 1 : events.get(events.size() - 1).version();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String kind =
        switch (exchange.getRequestURI().getPath()) {
          case "/api/v1/pods" -> "Pod";
          case "/api/v1/namespaces" -> "Namespace";
          case "/api/v1/nodes" -> "Node";
          default -> "";
        };
    Map<String, String> query = query(exchange);
    try (exchange) {
      int code = refusal();
      if (code != 0) {
        byte[] text =
            "{\"kind\":\"Status\",\"message\":\"not now\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, text.length);
        exchange.getResponseBody().write(text);
        return;
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(OK, 0);
      if (query.getOrDefault("watch", "false").equals("true")) {
        watch(kind, query, exchange.getResponseBody());
      } else {
        exchange.getResponseBody().write(list(kind, query).getBytes(StandardCharsets.UTF_8));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int refusal() {
    return refusal;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new LinkedHashMap<>();
    String text = exchange.getRequestURI().getQuery();
    for (String pair : text == null ? new String[0] : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      query.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return query;
  }

  private synchronized String list(String kind, Map<String, String> query) {
    List<Map<String, Object>> items =
        objects.values().stream().filter(object -> isMeant(object, kind, query)).toList();
    return JSON.toJson(
        Map.of(
            "kind",
            kind + "List",
            "apiVersion",
            "v1",
            "metadata",
            Map.of("resourceVersion", Long.toString(version())),
            "items",
            items));
  }

  private static boolean isMeant(
      Map<String, Object> object, String kind, Map<String, String> query) {
    String selector = query.getOrDefault("fieldSelector", "");
    String value = selector.substring(selector.indexOf('=') + 1);
    if (!kind.equals(object.get("kind"))) {
      return false;
    }
    if (selector.startsWith("metadata.name=")) {
      return value.equals(metaOf(object).get("name"));
    }
    if (selector.startsWith("spec.nodeName=")) {
      return object.get("spec") instanceof Map<?, ?> spec && value.equals(spec.get("nodeName"));
    }
    return true;
  }

  private void watch(String kind, Map<String, String> query, OutputStream out)
      throws IOException, InterruptedException {
    long seen = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
    while (true) {
      StringBuilder text = new StringBuilder();
      synchronized (this) {
        while (!closed && refusal == 0 && version() <= seen) {
          wait(WATCH_MILLIS);
        }
        if (closed || refusal != 0) {
          return;
        }
        for (Event event : events) {
          if (event.version() > seen && isMeant(event.object(), kind, query)) {
            text.append(JSON.toJson(Map.of("type", event.type(), "object", event.object())));
            text.append('\n');
          }
        }
        seen = version();
      }
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
