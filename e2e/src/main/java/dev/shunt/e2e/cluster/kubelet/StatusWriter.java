package dev.shunt.e2e.cluster.kubelet;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1DeleteOptions;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.kubernetes.client.openapi.models.V1Preconditions;
import io.kubernetes.client.util.PatchUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the API server of a Pod. The Pod's thread; blocks. */
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  private final ApiClient client;
  private final CoreV1Api api;

  StatusWriter(ApiClient client) {
    this.client = client;
    api = new CoreV1Api(client);
  }

  /**
   * Writes a status.
   *
   * @return whether the API server took it; otherwise it is to be written again
   */
  boolean write(V1Pod pod, V1PodStatus status) {
    V1ObjectMeta metadata = pod.getMetadata();
    // by hand: metadata of the library has an empty list of finalizers, which would remove those of
    // Jobs
    String patch =
        "{\"metadata\":{\"uid\":\"%s\"},\"status\":%s}"
            .formatted(metadata.getUid(), JSON.serialize(status));
    try {
      PatchUtils.patch(
          V1Pod.class,
          () ->
              api.patchNamespacedPodStatus(
                      metadata.getName(), metadata.getNamespace(), new V1Patch(patch))
                  .buildCall(null),
          V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
          client);
      return true;
    } catch (ApiException e) {
      LOG.warn(
          "write status of pod {}/{} failed: {}; trying again",
          metadata.getNamespace(),
          metadata.getName(),
          KubeletObjects.text(e));
      return false;
    }
  }

  /** Deletes a Pod whose containers have ended. */
  void delete(V1Pod pod) {
    V1ObjectMeta metadata = pod.getMetadata();
    V1DeleteOptions options =
        new V1DeleteOptions()
            .gracePeriodSeconds(0L)
            .preconditions(new V1Preconditions().uid(metadata.getUid()));
    try {
      api.deleteNamespacedPod(metadata.getName(), metadata.getNamespace()).body(options).execute();
    } catch (ApiException e) {
      LOG.warn(
          "delete pod {}/{} failed: {}; it stays",
          metadata.getNamespace(),
          metadata.getName(),
          KubeletObjects.text(e));
    }
  }
}
