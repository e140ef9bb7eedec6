package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.KubeApi;
import dev.shunt.e2e.cluster.TestCluster;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.CustomObjectsApi;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.util.PatchUtils;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Edits at the API server of which the moment counts: each returns once the API server has taken
 * it, where kubectl comes back some hundred milliseconds later. An administrator's. One thread;
 * blocks.
 */
final class ClusterEdits {
  private static final String GROUP = "shunt.dev";
  private static final String VERSION = "v1alpha1";
  private static final int NOT_FOUND = 404;

  private final ApiClient client;
  private final CoreV1Api core;
  private final CustomObjectsApi policies;

  ClusterEdits(TestCluster cluster) {
    client = KubeApi.client(cluster.adminKubeconfig(), cluster.sockets());
    core = new CoreV1Api(client);
    policies = new CustomObjectsApi(client);
  }

  /** A call to the API server. */
  @FunctionalInterface
  private interface Call<T> {
    T execute() throws ApiException;
  }

  private static <T> T call(String what, Call<T> call) {
    try {
      return call.execute();
    } catch (ApiException e) {
      throw new SceneException(
          "%s failed: HTTP %d %s".formatted(what, e.getCode(), e.getResponseBody()), e);
    }
  }

  /**
   * A policy as its file says it.
   *
   * @param document of the file
   */
  record Policy(Map<?, ?> document) {
    /** As its kind is called in paths. */
    String plural() {
      String kind = String.valueOf(document.get("kind")).toLowerCase(Locale.ROOT);
      return (kind + "s").replaceFirst("ys$", "ies");
    }

    private Map<?, ?> metadata() {
      return (Map<?, ?>) Objects.requireNonNull(document.get("metadata"));
    }

    private String name() {
      return String.valueOf(metadata().get("name"));
    }

    /** Whether it is of the whole cluster. */
    private boolean isOfCluster() {
      return !metadata().containsKey("namespace");
    }

    private String namespace() {
      return String.valueOf(metadata().get("namespace"));
    }
  }

  void create(Policy policy) {
    String plural = policy.plural();
    Map<?, ?> body = policy.document();
    call(
        "create " + policy.name(),
        () ->
            policy.isOfCluster()
                ? policies.createClusterCustomObject(GROUP, VERSION, plural, body).execute()
                : policies
                    .createNamespacedCustomObject(GROUP, VERSION, policy.namespace(), plural, body)
                    .execute());
  }

  void delete(Policy policy) {
    String plural = policy.plural();
    String name = policy.name();
    call(
        "delete " + name,
        () ->
            policy.isOfCluster()
                ? policies.deleteClusterCustomObject(GROUP, VERSION, plural, name).execute()
                : policies
                    .deleteNamespacedCustomObject(GROUP, VERSION, policy.namespace(), plural, name)
                    .execute());
  }

  /** Sets a label of a pod; {@code null} in JSON takes it away. */
  void labelPod(String namespace, String name, String labels) {
    V1Patch patch = new V1Patch("{\"metadata\":{\"labels\":" + labels + "}}");
    call(
        "label pod " + name,
        () ->
            PatchUtils.patch(
                V1Pod.class,
                () -> core.patchNamespacedPod(name, namespace, patch).buildCall(null),
                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                client));
  }

  /** Likewise of a namespace. */
  void labelNamespace(String name, String labels) {
    V1Patch patch = new V1Patch("{\"metadata\":{\"labels\":" + labels + "}}");
    call(
        "label namespace " + name,
        () ->
            PatchUtils.patch(
                V1Namespace.class,
                () -> core.patchNamespace(name, patch).buildCall(null),
                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                client));
  }

  /** Names of pods with a label, such as {@code app=web}. */
  List<String> pods(String namespace, String selector) {
    return call(
            "list pods " + selector,
            () -> core.listNamespacedPod(namespace).labelSelector(selector).execute())
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }

  /** Makes a pod and returns it as the API server has it. */
  V1Pod create(V1Pod pod) {
    return call("create pod", () -> core.createNamespacedPod(namespaceOf(pod), pod).execute());
  }

  private static String namespaceOf(V1Pod pod) {
    return String.valueOf(Objects.requireNonNull(pod.getMetadata()).getNamespace());
  }

  /** Deletes a pod without waiting for its end. */
  void deletePod(String namespace, String name) {
    call(
        "delete pod " + name,
        () -> core.deleteNamespacedPod(name, namespace).gracePeriodSeconds(0).execute());
  }

  /** Whether there is no such pod any more. */
  boolean isGone(String namespace, String name) {
    try {
      core.readNamespacedPod(name, namespace).execute();
      return false;
    } catch (ApiException e) {
      if (e.getCode() == NOT_FOUND) {
        return true;
      }
      throw new SceneException("read pod " + name + " failed: HTTP " + e.getCode(), e);
    }
  }
}
