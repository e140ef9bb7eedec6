package dev.shunt.e2e.cluster.kubelet;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.DiscoveryV1Api;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the EndpointSlices of a cluster on a thread of its own. Anybody may ask; {@link #close}
 * ends it.
 */
final class BackendWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackendWatch.class);
  private static final int WATCH_SECONDS = 300;
  private static final long RETRY_MILLIS = 500;

  private final DiscoveryV1Api api;
  private final Runnable changed;
  private final Map<String, Backends> found = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "endpoint-slices");
  private volatile boolean closed;
  private volatile @Nullable Call current;

  /**
   * Begins.
   *
   * @param changed told after each change
   */
  BackendWatch(ApiClient client, Runnable changed) {
    api = new DiscoveryV1Api(client);
    this.changed = changed;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** As they are now. */
  List<Backends> all() {
    return List.copyOf(found.values());
  }

  private void run() {
    while (!closed) {
      try {
        follow(list());
      } catch (IOException | ApiException e) {
        if (!closed) {
          LOG.warn("watch EndpointSlices failed: {}; beginning again", e.getMessage());
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes what is there and returns its version. */
  private String list() throws IOException, ApiException {
    try (Response response = begin(api.listEndpointSliceForAllNamespaces().buildCall(null))) {
      JsonObject list = JsonParser.parseString(response.body().string()).getAsJsonObject();
      Map<String, Backends> now = new ConcurrentHashMap<>();
      for (JsonElement each : list.getAsJsonArray("items")) {
        now.put(uid(each.getAsJsonObject()), Backends.of(each.getAsJsonObject()));
      }
      found.putAll(now);
      found.keySet().retainAll(now.keySet());
      changed.run();
      return list.getAsJsonObject("metadata").get("resourceVersion").getAsString();
    }
  }

  private void follow(String version) throws IOException, ApiException {
    Call call =
        api.listEndpointSliceForAllNamespaces()
            .resourceVersion(version)
            .timeoutSeconds(WATCH_SECONDS)
            .watch(true)
            .buildCall(null);
    try (Response response = begin(call)) {
      String line = response.body().source().readUtf8Line();
      while (line != null) {
        JsonObject event = JsonParser.parseString(line).getAsJsonObject();
        JsonObject slice = event.getAsJsonObject("object");
        switch (event.get("type").getAsString()) {
          case "ADDED", "MODIFIED" -> found.put(uid(slice), Backends.of(slice));
          case "DELETED" -> found.remove(uid(slice));
          default -> {
            return; // the version is too old
          }
        }
        changed.run();
        line = response.body().source().readUtf8Line();
      }
    }
  }

  private Response begin(Call call) throws IOException {
    current = call;
    Response response = call.execute();
    if (!response.isSuccessful()) {
      response.close();
      throw new IOException("HTTP " + response.code());
    }
    return response;
  }

  private static String uid(JsonObject object) {
    return object.getAsJsonObject("metadata").get("uid").getAsString();
  }

  @Override
  public void close() {
    closed = true;
    Call last = current;
    if (last != null) {
      last.cancel();
    }
  }
}
