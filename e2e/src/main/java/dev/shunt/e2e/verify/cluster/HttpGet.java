package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.NamespaceSockets;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** One HTTP request from a network namespace. Stateless; blocks. */
final class HttpGet {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private HttpGet() {}

  /**
   * The body of the answer.
   *
   * @throws SceneException when there is none, or its code is not 200
   */
  static String from(String namespace, String url) {
    try (NamespaceSockets sockets = new NamespaceSockets(namespace)) {
      OkHttpClient client =
          new OkHttpClient.Builder().socketFactory(sockets).callTimeout(LIMIT).build();
      Request request = new Request.Builder().url(url).header("Connection", "close").build();
      try (Response response = client.newCall(request).execute()) {
        if (response.code() != 200) {
          throw new SceneException("get " + url + " failed: HTTP " + response.code());
        }
        return response.body().string();
      }
    } catch (IOException e) {
      throw new SceneException("get " + url + " from " + namespace + " failed: " + e, e);
    }
  }
}
