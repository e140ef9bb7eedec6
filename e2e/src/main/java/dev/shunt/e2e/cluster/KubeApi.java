package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Clients of a cluster's API server for this process, which is outside of it. Stateless. */
public final class KubeApi {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private KubeApi() {}

  /**
   * A client that speaks from a namespace of the cluster. Its calls have no read limit: a watch is
   * silent as long as nothing happens.
   *
   * @param kubeconfig who it is
   * @param sockets where it speaks from
   * @throws SceneException when the file cannot be read
   */
  public static ApiClient client(Path kubeconfig, NamespaceSockets sockets) {
    try (Reader reader = Files.newBufferedReader(kubeconfig)) {
      ApiClient client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
      client.setHttpClient(
          client
              .getHttpClient()
              .newBuilder()
              .socketFactory(sockets)
              .connectTimeout(CONNECT_LIMIT)
              .readTimeout(Duration.ZERO)
              .build());
      return client;
    } catch (IOException e) {
      throw new SceneException("read " + kubeconfig + " failed: " + e, e);
    }
  }
}
