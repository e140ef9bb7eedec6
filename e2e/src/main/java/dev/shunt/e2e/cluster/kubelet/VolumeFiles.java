package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.kubelet.AtomicFolder.Entry;
import dev.shunt.e2e.cluster.kubelet.KubeletObjects.Token;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1DownwardAPIVolumeFile;
import io.kubernetes.client.openapi.models.V1KeyToPath;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ProjectedVolumeSource;
import io.kubernetes.client.openapi.models.V1ServiceAccountTokenProjection;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeProjection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of the volumes of a Pod that come from the API server. One thread; reading blocks.
 * Tokens are kept and renewed when four fifths of their life are over, as kubelets do
 * (pkg/kubelet/token/token_manager.go).
 */
final class VolumeFiles {
  private static final int DEFAULT_MODE = 0644;
  private static final long DEFAULT_TOKEN_SECONDS = 3600;
  private static final double RENEWED_AT = 0.8;

  private final KubeletObjects objects;
  private final Clock clock;
  private final Map<V1ServiceAccountTokenProjection, Held> tokens = new HashMap<>();

  private record Held(Token token, Instant renewed) {}

  VolumeFiles(KubeletObjects objects, Clock clock) {
    this.objects = objects;
    this.clock = clock;
  }

  /**
   * The files of a volume; empty: it is none of these.
   *
   * @throws SceneException when something that it needs is not there (yet)
   */
  Optional<Map<String, Entry>> of(V1Volume volume, PodFields fields) {
    if (volume.getConfigMap() != null) {
      return Optional.of(configMap(volume, fields.pod()));
    }
    if (volume.getSecret() != null) {
      return Optional.of(secret(volume, fields.pod()));
    }
    if (volume.getDownwardAPI() != null) {
      return Optional.of(downward(volume.getDownwardAPI().getItems(), fields));
    }
    if (volume.getProjected() != null) {
      return Optional.of(projected(volume.getProjected(), fields));
    }
    return Optional.empty();
  }

  private Map<String, Entry> configMap(V1Volume volume, V1Pod pod) {
    var source = volume.getConfigMap();
    return chosen(
        objects.configMap(namespace(pod), source.getName()),
        source.getItems(),
        new Source("configmap", source.getName(), source.getOptional()),
        source.getDefaultMode());
  }

  private Map<String, Entry> secret(V1Volume volume, V1Pod pod) {
    var source = volume.getSecret();
    return chosen(
        objects.secret(namespace(pod), source.getSecretName()),
        source.getItems(),
        new Source("secret", source.getSecretName(), source.getOptional()),
        source.getDefaultMode());
  }

  private static String namespace(V1Pod pod) {
    return pod.getMetadata().getNamespace();
  }

  /** Where entries come from, for messages. */
  private record Source(String kind, String name, @Nullable Boolean optional) {
    boolean isOptional() {
      return Boolean.TRUE.equals(optional);
    }
  }

  private static Map<String, Entry> chosen(
      Optional<Map<String, byte[]>> found,
      @Nullable List<V1KeyToPath> items,
      Source source,
      @Nullable Integer mode) {
    if (found.isEmpty() && !source.isOptional()) {
      throw new SceneException("%s \"%s\" not found".formatted(source.kind(), source.name()));
    }
    int usual = mode == null ? DEFAULT_MODE : mode;
    Map<String, byte[]> entries = found.orElse(Map.of());
    Map<String, Entry> files = new TreeMap<>();
    if (items == null || items.isEmpty()) {
      entries.forEach((key, bytes) -> files.put(key, new Entry(bytes, usual)));
      return files;
    }
    for (V1KeyToPath item : items) {
      byte[] bytes = entries.get(item.getKey());
      if (bytes != null) {
        files.put(
            item.getPath(), new Entry(bytes, item.getMode() == null ? usual : item.getMode()));
      } else if (!source.isOptional()) {
        throw new SceneException(
            "references non-existent %s key: %s".formatted(source.kind(), item.getKey()));
      }
    }
    return files;
  }

  private static Map<String, Entry> downward(
      @Nullable List<V1DownwardAPIVolumeFile> items, PodFields fields) {
    Map<String, Entry> files = new TreeMap<>();
    if (items != null) {
      for (V1DownwardAPIVolumeFile item : items) {
        if (item.getFieldRef() != null) {
          files.put(item.getPath(), text(fields.value(item.getFieldRef().getFieldPath())));
        }
      }
    }
    return files;
  }

  private static Entry text(String value) {
    return new Entry(value.getBytes(StandardCharsets.UTF_8), DEFAULT_MODE);
  }

  private Map<String, Entry> projected(V1ProjectedVolumeSource volume, PodFields fields) {
    Map<String, Entry> files = new TreeMap<>();
    for (V1VolumeProjection source : volume.getSources()) {
      if (source.getServiceAccountToken() != null) {
        V1ServiceAccountTokenProjection projection = source.getServiceAccountToken();
        files.put(projection.getPath(), text(token(projection, fields.pod())));
      }
      if (source.getConfigMap() != null) {
        var from = source.getConfigMap();
        files.putAll(
            chosen(
                objects.configMap(namespace(fields.pod()), from.getName()),
                from.getItems(),
                new Source("configmap", from.getName(), from.getOptional()),
                volume.getDefaultMode()));
      }
      if (source.getSecret() != null) {
        var from = source.getSecret();
        files.putAll(
            chosen(
                objects.secret(namespace(fields.pod()), from.getName()),
                from.getItems(),
                new Source("secret", from.getName(), from.getOptional()),
                volume.getDefaultMode()));
      }
      if (source.getDownwardAPI() != null) {
        files.putAll(downward(source.getDownwardAPI().getItems(), fields));
      }
    }
    return files;
  }

  private String token(V1ServiceAccountTokenProjection projection, V1Pod pod) {
    Held held = tokens.get(projection);
    Instant now = clock.instant();
    if (held == null || !now.isBefore(held.renewed())) {
      long seconds =
          Optional.ofNullable(projection.getExpirationSeconds()).orElse(DEFAULT_TOKEN_SECONDS);
      Token token = objects.token(pod, Optional.ofNullable(projection.getAudience()), seconds);
      Duration life = Duration.between(now, token.expires());
      held = new Held(token, now.plusMillis((long) (life.toMillis() * RENEWED_AT)));
      tokens.put(projection, held);
    }
    return held.token().text();
  }
}
