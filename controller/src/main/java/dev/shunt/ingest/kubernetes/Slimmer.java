package dev.shunt.ingest.kubernetes;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.kubernetes.client.openapi.models.V1SecurityContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cuts objects down to what this package reads before an informer keeps them. Stateless. */
final class Slimmer {
  private Slimmer() {}

  static KubernetesObject slim(KubernetesObject object) {
    if (object instanceof V1Pod pod) {
      return pod(pod);
    }
    if (object instanceof V1Namespace namespace) {
      return new V1Namespace().metadata(meta(namespace.getMetadata()));
    }
    if (object instanceof V1Node node) {
      return new V1Node().metadata(meta(node.getMetadata()));
    }
    return object;
  }

  private static V1Pod pod(V1Pod pod) {
    V1Pod slim = new V1Pod().metadata(meta(pod.getMetadata()));
    V1PodSpec spec = pod.getSpec();
    if (spec != null) {
      slim.spec(
          new V1PodSpec()
              .nodeName(spec.getNodeName())
              .hostNetwork(spec.getHostNetwork())
              .containers(containers(spec.getContainers()))
              .initContainers(containers(spec.getInitContainers())));
    }
    if (pod.getStatus() != null) {
      slim.status(new V1PodStatus().phase(pod.getStatus().getPhase()));
    }
    return slim;
  }

  private static @Nullable List<V1Container> containers(@Nullable List<V1Container> containers) {
    return containers == null ? null : containers.stream().map(Slimmer::container).toList();
  }

  private static V1Container container(V1Container container) {
    V1Container slim =
        new V1Container().name(container.getName()).restartPolicy(container.getRestartPolicy());
    V1SecurityContext security = container.getSecurityContext();
    return security == null || security.getRunAsUser() == null
        ? slim
        : slim.securityContext(new V1SecurityContext().runAsUser(security.getRunAsUser()));
  }

  private static V1ObjectMeta meta(@Nullable V1ObjectMeta meta) {
    if (meta == null) {
      return new V1ObjectMeta();
    }
    return new V1ObjectMeta()
        .name(meta.getName())
        .namespace(meta.getNamespace())
        .uid(meta.getUid())
        .resourceVersion(meta.getResourceVersion())
        .labels(meta.getLabels())
        .annotations(annotations(meta.getAnnotations()))
        .ownerReferences(meta.getOwnerReferences());
  }

  private static @Nullable Map<String, String> annotations(@Nullable Map<String, String> all) {
    if (all == null) {
      return null;
    }
    Map<String, String> kept = new HashMap<>(all);
    kept.keySet()
        .removeIf(
            key -> !Sidecars.annotations().contains(key) && !key.equals(PodFactsReader.STATIC_UID));
    return kept;
  }
}
