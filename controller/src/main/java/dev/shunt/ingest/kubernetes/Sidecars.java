package dev.shunt.ingest.kubernetes;

import dev.shunt.desired.Interception;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises pods whose outbound connections a sidecar intercepts: by the name of its container, by
 * the user it runs as, or by what the injector notes on the pod. Stateless.
 */
final class Sidecars {
  private static final Set<String> CONTAINERS =
      Set.of("istio-proxy", "linkerd-proxy", "kuma-sidecar");

  /** The users whose own traffic the interception rules of Istio, Linkerd and Kuma let out. */
  private static final Set<Long> USERS = Set.of(1337L, 2102L, 5678L);

  /** Notes of the injectors, with the value that counts; empty: any. */
  private static final Map<String, String> ANNOTATIONS =
      Map.of(
          "sidecar.istio.io/status", "",
          "ambient.istio.io/redirection", "enabled",
          "linkerd.io/proxy-version", "",
          "kuma.io/sidecar-injected", "true");

  private Sidecars() {}

  /** What happens to outbound connections of a pod that has a network of its own. */
  static Interception of(V1Pod pod) {
    V1PodSpec spec = pod.getSpec();
    boolean found =
        (spec != null && containers(spec).stream().anyMatch(Sidecars::isProxy))
            || isNoted(pod.getMetadata() == null ? null : pod.getMetadata().getAnnotations());
    return found ? Interception.OUTBOUND : Interception.NONE;
  }

  /** Annotations that are worth keeping. */
  static Set<String> annotations() {
    return ANNOTATIONS.keySet();
  }

  /** A sidecar may also be an init container that goes on running. */
  private static List<V1Container> containers(V1PodSpec spec) {
    List<V1Container> all = new ArrayList<>();
    if (spec.getContainers() != null) {
      all.addAll(spec.getContainers());
    }
    if (spec.getInitContainers() != null) {
      spec.getInitContainers().stream()
          .filter(container -> Objects.equals(container.getRestartPolicy(), "Always"))
          .forEach(all::add);
    }
    return all;
  }

  private static boolean isProxy(V1Container container) {
    V1SecurityContext security = container.getSecurityContext();
    Long user = security == null ? null : security.getRunAsUser();
    return CONTAINERS.contains(Objects.requireNonNullElse(container.getName(), ""))
        || (user != null && USERS.contains(user));
  }

  private static boolean isNoted(@Nullable Map<String, String> annotations) {
    return annotations != null
        && ANNOTATIONS.entrySet().stream()
            .anyMatch(
                note -> {
                  String value = annotations.get(note.getKey());
                  return value != null
                      && (note.getValue().isEmpty() || note.getValue().equals(value));
                });
  }
}
