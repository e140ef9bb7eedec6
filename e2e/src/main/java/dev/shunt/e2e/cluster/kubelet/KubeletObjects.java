package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.AuthenticationV1TokenRequest;
import io.kubernetes.client.openapi.models.V1BoundObjectReference;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1TokenRequestSpec;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what Pods refer to, as the node, which may read no more than that. Any thread; blocks. */
final class KubeletObjects {
  private final CoreV1Api api;

  KubeletObjects(CoreV1Api api) {
    this.api = api;
  }

  /** Entries by key; empty: there is no such ConfigMap. */
  Optional<Map<String, byte[]>> configMap(String namespace, String name) {
    return found(
        "ConfigMap", name, () -> entries(api.readNamespacedConfigMap(name, namespace).execute()));
  }

  private static Map<String, byte[]> entries(V1ConfigMap object) {
    Map<String, byte[]> entries = new TreeMap<>();
    if (object.getData() != null) {
      object
          .getData()
          .forEach((key, text) -> entries.put(key, text.getBytes(StandardCharsets.UTF_8)));
    }
    if (object.getBinaryData() != null) {
      entries.putAll(object.getBinaryData());
    }
    return entries;
  }

  /** Entries by key; empty: there is no such Secret. */
  Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return found(
        "Secret", name, () -> entries(api.readNamespacedSecret(name, namespace).execute()));
  }

  private static Map<String, byte[]> entries(V1Secret object) {
    return object.getData() == null ? Map.of() : new TreeMap<>(object.getData());
  }

  /** A token and when it expires. Its text stays out of {@link #toString}. */
  record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "token until " + expires;
    }
  }

  /**
   * Requests a token of the Pod's service account, which ends with the Pod.
   *
   * @param audience whom it is for; empty: the API server
   */
  Token token(V1Pod pod, Optional<String> audience, long seconds) {
    V1BoundObjectReference bound =
        new V1BoundObjectReference()
            .apiVersion("v1")
            .kind("Pod")
            .name(pod.getMetadata().getName())
            .uid(pod.getMetadata().getUid());
    V1TokenRequestSpec spec =
        new V1TokenRequestSpec()
            .audiences(audience.map(List::of).orElse(List.of()))
            .expirationSeconds(seconds)
            .boundObjectRef(bound);
    String account = Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("default");
    AuthenticationV1TokenRequest answer =
        found(
                "token of service account",
                account,
                () ->
                    api.createNamespacedServiceAccountToken(
                            account,
                            pod.getMetadata().getNamespace(),
                            new AuthenticationV1TokenRequest().spec(spec))
                        .execute())
            .orElseThrow(
                () -> new SceneException("request token failed: no service account " + account));
    return new Token(
        answer.getStatus().getToken(), answer.getStatus().getExpirationTimestamp().toInstant());
  }

  /** A call to the API server. */
  @FunctionalInterface
  interface Call<T> {
    T call() throws ApiException;
  }

  private static <T> Optional<T> found(String kind, String name, Call<T> call) {
    try {
      return Optional.of(call.call());
    } catch (ApiException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw new SceneException("read " + kind + " " + name + " failed: " + text(e), e);
    }
  }

  /** What the API server answered, in one line. */
  static String text(ApiException e) {
    String body = e.getResponseBody();
    String said = body == null || body.isEmpty() ? String.valueOf(e.getMessage()) : body;
    return "HTTP " + e.getCode() + ": " + said.strip().replaceAll("\\s*\\R\\s*", " | ");
  }
}
