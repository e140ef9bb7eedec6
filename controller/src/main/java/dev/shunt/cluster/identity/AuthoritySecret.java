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
 * Keeps the authority in a Secret that all replicas share. The chart makes it empty, and the first
 * replica fills it; where it is missing it is made. Nobody replaces an authority that is there.
 * Blocks for the API server.
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
    Optional<V1Secret> found = read();
    if (found.map(V1Secret::getData).filter(data -> !data.isEmpty()).isEmpty()) {
      keep(Authority.create(clock), found);
      found = read(); // another replica may have been faster
    }
    Authority authority = authority(found);
    publish(authority.certificatePem());
    return authority;
  }

  private Optional<V1Secret> read() throws IOException {
    try {
      return Optional.of(api.readNamespacedSecret(name, namespace).execute());
    } catch (ApiException e) {
      if (e.getCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw failure("read secret", e);
    }
  }

  private Authority authority(Optional<V1Secret> secret) throws IOException {
    Map<String, byte[]> data =
        secret
            .map(V1Secret::getData)
            .orElseThrow(() -> new IOException("the secret was deleted or emptied"));
    if (!data.containsKey(CERTIFICATE) || !data.containsKey(KEY)) {
      throw new IOException(
          "read secret %s/%s failed: no ca.crt and ca.key in it; empty it to have them made anew"
              .formatted(namespace, name));
    }
    return Authority.read(text(data, CERTIFICATE), text(data, KEY), clock);
  }

  private static String text(Map<String, byte[]> data, String key) {
    return new String(data.getOrDefault(key, new byte[0]), StandardCharsets.US_ASCII);
  }

  /**
   * Writes a new authority.
   *
   * @param empty the Secret that is there; its version goes along, so that one replica wins
   */
  private void keep(Authority authority, Optional<V1Secret> empty) throws IOException {
    V1Secret secret =
        empty
            .orElseGet(
                () -> new V1Secret().metadata(new V1ObjectMeta().name(name).namespace(namespace)))
            .type("Opaque")
            .putDataItem(CERTIFICATE, bytes(authority.certificatePem()))
            .putDataItem(KEY, bytes(authority.keyPem()));
    try {
      if (empty.isPresent()) {
        api.replaceNamespacedSecret(name, namespace, secret).execute();
      } else {
        api.createNamespacedSecret(namespace, secret).execute();
      }
      LOG.info("made a certificate authority and keep it in secret {}/{}", namespace, name);
    } catch (ApiException e) {
      if (e.getCode() != CONFLICT) { // another replica was faster: its authority counts
        throw failure(empty.isPresent() ? "update secret" : "create secret", e);
      }
    }
  }

  /** What nodes and users check the control plane with; holds no secret. */
  private void publish(String certificate) throws IOException {
    V1ConfigMap map;
    try {
      map = api.readNamespacedConfigMap(name, namespace).execute();
    } catch (ApiException e) {
      if (e.getCode() != NOT_FOUND) {
        throw failure("read configmap", e);
      }
      map = new V1ConfigMap().metadata(new V1ObjectMeta().name(name).namespace(namespace));
      write("create", map.putDataItem(CERTIFICATE, certificate));
      return;
    }
    Map<String, String> data = map.getData();
    if (data == null || !certificate.equals(data.get(CERTIFICATE))) {
      write("update", map.putDataItem(CERTIFICATE, certificate));
    }
  }

  private void write(String operation, V1ConfigMap map) throws IOException {
    try {
      if (operation.equals("create")) {
        api.createNamespacedConfigMap(namespace, map).execute();
      } else {
        api.replaceNamespacedConfigMap(name, namespace, map).execute();
      }
    } catch (ApiException e) {
      if (e.getCode() != CONFLICT) { // another replica wrote the same
        throw failure(operation + " configmap", e);
      }
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
