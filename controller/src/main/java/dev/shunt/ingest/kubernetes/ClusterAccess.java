package dev.shunt.ingest.kubernetes;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Dispatcher;

/** How to reach the API server. Immutable. */
public final class ClusterAccess {
  /** The server sends a bookmark about once a minute (cacher.go of the apiserver, 1.34). */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(150);

  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

  /** A connection whose other end is gone without a word is found by this. */
  private static final Duration PING = Duration.ofSeconds(20);

  /** A kubelet sets it in every container. */
  private static final String POD_VARIABLE = "KUBERNETES_SERVICE_HOST";

  private final ApiClient lists;
  private final ApiClient watches;

  private ClusterAccess(ApiClient lists, ApiClient watches) {
    this.lists = lists;
    this.watches = watches;
  }

  /**
   * Reads the credentials; connects to nothing yet.
   *
   * @param kubeconfig file; empty: the service account of the pod that this process runs in
   * @throws IOException there are none; the message says which file and what to do
   */
  public static ClusterAccess open(Optional<Path> kubeconfig) throws IOException {
    return new ClusterAccess(client(kubeconfig, ANSWER_MAX), client(kubeconfig, SILENCE_MAX));
  }

  private static ApiClient client(Optional<Path> kubeconfig, Duration readTimeout)
      throws IOException {
    ApiClient client = builder(kubeconfig).build();
    Dispatcher calls = client.getHttpClient().dispatcher();
    calls.setMaxRequestsPerHost(calls.getMaxRequests()); // a watch takes one for ever
    return client.setHttpClient(
        client
            .getHttpClient()
            .newBuilder()
            .connectTimeout(CONNECT_MAX)
            .readTimeout(readTimeout)
            .pingInterval(PING)
            .build());
  }

  private static ClientBuilder builder(Optional<Path> kubeconfig) throws IOException {
    if (kubeconfig.isEmpty()) {
      if (System.getenv(POD_VARIABLE) == null) {
        throw new IOException(
            "read service account failed: this process runs in no pod ("
                + POD_VARIABLE
                + " is not set); give --kubeconfig");
      }
      try {
        return ClientBuilder.cluster();
      } catch (IOException | RuntimeException missing) {
        throw new IOException(
            "read service account failed: "
                + missing.getMessage()
                + "; run in a pod with one, or give --kubeconfig",
            missing);
      }
    }
    Path file = kubeconfig.get();
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      KubeConfig config = KubeConfig.loadKubeConfig(text);
      config.setFile(file.toFile());
      return ClientBuilder.kubeconfig(config);
    } catch (IOException | RuntimeException bad) {
      throw new IOException("read kubeconfig " + file + " failed: " + bad.getMessage(), bad);
    }
  }

  /** Where it is. */
  public String server() {
    return lists.getBasePath();
  }

  /** For calls that answer and end. */
  public ApiClient lists() {
    return lists;
  }

  /** For calls that stay open; one that is silent for too long fails. */
  public ApiClient watches() {
    return watches;
  }
}
