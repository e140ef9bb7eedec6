package dev.shunt.cluster.identity;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the authority in a Secret that all replicas share. The first replica makes it; nobody
 * replaces one that is there. Blocks for the API server.
 */
public final class AuthoritySecret {
  private static final Logger LOG = LoggerFactory.getLogger(AuthoritySecret.class);
  private static final String CERTIFICATE = "ca.crt";
  private static final String KEY = "ca.key";
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final CoreV1Api api;
  private final String namespace;
  private final String name;
  private final Clock clock;

  public AuthoritySecret(ApiClient client, String namespace, String name, Clock clock) {
    this.api = new CoreV1Api(client);
    this.namespace = namespace;
    this.name = name;
    this.clock = clock;
  }

  /**
   * The authority of this cluster, made now if there is none.
   *
   * @throws IOException the API server refuses, or the Secret holds something else
   */
  public Authority loadOrCreate() throws IOException {
    Optional<Authority> kept = load();
    if (kept.isEmpty()) {
      create(Authority.create(clock));
      kept = load(); // another replica may have been faster
    }
    Authority authority = kept.orElseThrow(() -> new IOException("the secret was deleted"));
    publish(authority.certificatePem());
    return authority;
  }

  private Optional<Authority> load() throws IOException {
    try {
      V1Secret secret = api.readNamespacedSecret(name, namespace).execute();
      Map<String, byte[]> data = secret.getData();
      if (data == null || !data.containsKey(CERTIFICATE) || !data.containsKey(KEY)) {
        throw new IOException(
            "read secret %s/%s failed: no ca.crt and ca.key in it; delete it to have it made anew"
                .formatted(namespace, name));
      }
      return Optional.of(Authority.read(text(data, CERTIFICATE), text(data, KEY), clock));
    } catch (ApiException e) {
      if (e.getCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw failure("read secret", e);
    }
  }

  private static String text(Map<String, byte[]> data, String key) {
    return new String(data.getOrDefault(key, new byte[0]), StandardCharsets.US_ASCII);
  }

  private void create(Authority authority) throws IOException {
    V1Secret secret =
        new V1Secret()
            .metadata(new V1ObjectMeta().name(name).namespace(namespace))
            .type("Opaque")
            .putDataItem(CERTIFICATE, bytes(authority.certificatePem()))
            .putDataItem(KEY, bytes(authority.keyPem()));
    try {
      api.createNamespacedSecret(namespace, secret).execute();
      LOG.info("made a certificate authority and keep it in secret {}/{}", namespace, name);
    } catch (ApiException e) {
      if (e.getCode() != CONFLICT) { // another replica was faster: its authority counts
        throw failure("create secret", e);
      }
    }
  }

  /** What nodes and users check the control plane with; holds no secret. */
  private void publish(String certificate) throws IOException {
    V1ConfigMap map =
        new V1ConfigMap()
            .metadata(new V1ObjectMeta().name(name).namespace(namespace))
            .putDataItem(CERTIFICATE, certificate);
    try {
      api.createNamespacedConfigMap(namespace, map).execute();
    } catch (ApiException e) {
      if (e.getCode() != CONFLICT) {
        throw failure("create configmap", e);
      }
      replace(map);
    }
  }

  private void replace(V1ConfigMap map) throws IOException {
    try {
      V1ConfigMap there = api.readNamespacedConfigMap(name, namespace).execute();
      if (map.getData() != null && !map.getData().equals(there.getData())) {
        api.replaceNamespacedConfigMap(name, namespace, map).execute();
      }
    } catch (ApiException e) {
      throw failure("update configmap", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private IOException failure(String operation, ApiException e) {
    return new IOException(
        "%s %s/%s failed: HTTP %d".formatted(operation, namespace, name, e.getCode()), e);
  }
}
