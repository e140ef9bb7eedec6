package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvFromSource;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1EnvVarSource;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of a container. Immutable; reading what it refers to blocks.
 *
 * @param objects for what comes from ConfigMaps and Secrets
 * @param services variables of the Service {@code kubernetes}
 * @param capacity of the node
 */
record PodEnvironment(
    KubeletObjects objects, Map<String, String> services, Map<String, Quantity> capacity) {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /**
   * All variables in the order that they are defined in.
   *
   * @throws SceneException when something that it refers to is not there
   */
  Map<String, String> of(V1Container container, PodFields fields) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", PATH);
    variables.put("HOME", "/root");
    variables.put("HOSTNAME", fields.pod().getMetadata().getName());
    variables.putAll(services);
    String namespace = fields.pod().getMetadata().getNamespace();
    for (V1EnvFromSource source : Optional.ofNullable(container.getEnvFrom()).orElse(List.of())) {
      variables.putAll(all(source, namespace));
    }
    for (V1EnvVar variable : Optional.ofNullable(container.getEnv()).orElse(List.of())) {
      if (variable.getValueFrom() == null) {
        String text = Optional.ofNullable(variable.getValue()).orElse("");
        variables.put(variable.getName(), Variables.expand(text, variables));
      } else {
        value(variable.getValueFrom(), container, fields)
            .ifPresent(value -> variables.put(variable.getName(), value));
      }
    }
    return variables;
  }

  private Map<String, String> all(V1EnvFromSource source, String namespace) {
    String prefix = Optional.ofNullable(source.getPrefix()).orElse("");
    Map<String, String> variables = new LinkedHashMap<>();
    Optional<Map<String, byte[]>> found =
        source.getConfigMapRef() != null
            ? objects.configMap(namespace, source.getConfigMapRef().getName())
            : objects.secret(namespace, source.getSecretRef().getName());
    Boolean optional =
        source.getConfigMapRef() != null
            ? source.getConfigMapRef().getOptional()
            : source.getSecretRef().getOptional();
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new SceneException("source of envFrom not found in namespace " + namespace);
    }
    found.orElse(Map.of()).forEach((key, bytes) -> variables.put(prefix + key, text(bytes)));
    return variables;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Optional<String> value(V1EnvVarSource source, V1Container container, PodFields fields) {
    String namespace = fields.pod().getMetadata().getNamespace();
    if (source.getFieldRef() != null) {
      return Optional.of(fields.value(source.getFieldRef().getFieldPath()));
    }
    if (source.getResourceFieldRef() != null) {
      return Optional.of(PodFields.resource(container, source.getResourceFieldRef(), capacity));
    }
    if (source.getConfigMapKeyRef() != null) {
      var reference = source.getConfigMapKeyRef();
      return entry(
          objects.configMap(namespace, reference.getName()),
          "configmap " + reference.getName() + " key " + reference.getKey(),
          reference.getKey(),
          Optional.ofNullable(reference.getOptional()));
    }
    if (source.getSecretKeyRef() != null) {
      var reference = source.getSecretKeyRef();
      return entry(
          objects.secret(namespace, reference.getName()),
          "secret " + reference.getName() + " key " + reference.getKey(),
          reference.getKey(),
          Optional.ofNullable(reference.getOptional()));
    }
    throw new SceneException("valueFrom has no source that the test kubelet knows");
  }

  private static Optional<String> entry(
      Optional<Map<String, byte[]>> found, String what, String key, Optional<Boolean> optional) {
    byte[] bytes = found.orElse(Map.of()).get(key);
    if (bytes == null && !optional.orElse(false)) {
      throw new SceneException(what + " not found");
    }
    return Optional.ofNullable(bytes).map(PodEnvironment::text);
  }
}
