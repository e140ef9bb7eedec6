package dev.shunt.ingest.kubernetes;

import dev.shunt.desired.Interception;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodId;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes from a pod of the API what policies need to know. Stateless. */
public final class PodFactsReader {
  /** On the mirror of a static pod: the uid that the kubelet names its cgroup after. */
  static final String STATIC_UID = "kubernetes.io/config.hash";

  private PodFactsReader() {}

  /** What policies need to know of a pod. */
  public static PodFacts of(V1Pod pod) {
    V1ObjectMeta meta = Objects.requireNonNullElseGet(pod.getMetadata(), V1ObjectMeta::new);
    V1PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), V1PodSpec::new);
    boolean host = Boolean.TRUE.equals(spec.getHostNetwork());
    return new PodFacts(
        id(meta),
        Objects.requireNonNullElse(spec.getNodeName(), ""),
        Objects.requireNonNullElse(meta.getLabels(), Map.of()),
        Owners.of(meta),
        host ? PodNetwork.HOST : PodNetwork.OWN,
        phase(pod.getStatus()),
        host ? Interception.NONE : Sidecars.of(pod));
  }

  /** Which pod it is. */
  static PodId id(V1ObjectMeta meta) {
    String served = Objects.requireNonNullElse(meta.getUid(), "");
    String kept = meta.getAnnotations() == null ? null : meta.getAnnotations().get(STATIC_UID);
    return new PodId(
        kept == null ? served : kept,
        Objects.requireNonNullElse(meta.getNamespace(), ""),
        Objects.requireNonNullElse(meta.getName(), ""));
  }

  private static PodPhase phase(@Nullable V1PodStatus status) {
    String phase = status == null ? "" : Objects.requireNonNullElse(status.getPhase(), "");
    return switch (phase) {
      case "Succeeded", "Failed" -> PodPhase.ENDED;
      case "Running" -> PodPhase.RUNNING;
      default -> PodPhase.PENDING;
    };
  }
}
