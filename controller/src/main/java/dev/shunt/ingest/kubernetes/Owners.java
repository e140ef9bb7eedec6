package dev.shunt.ingest.kubernetes;

import dev.shunt.desired.pod.Workload;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the workload of a pod without asking for its owners, by how they are named. Stateless. */
final class Owners {
  private static final String TEMPLATE_HASH = "pod-template-hash";

  /** A CronJob names its Jobs after itself and the minute (cronjob_controllerv2.go, 1.34). */
  private static final Pattern CRON_JOB = Pattern.compile("(.+)-[0-9]{8,11}");

  private Owners() {}

  static Workload of(V1ObjectMeta pod) {
    String name = Objects.requireNonNullElse(pod.getName(), "");
    V1OwnerReference owner = controller(pod);
    if (owner == null || "Node".equals(owner.getKind())) { // a static pod belongs to its node
      return Workload.ofPod(name);
    }
    return switch (owner.getKind()) {
      case "ReplicaSet" -> deployment(owner.getName(), pod.getLabels());
      case "Job" -> job(owner.getName());
      default -> new Workload(owner.getKind(), owner.getName());
    };
  }

  private static @Nullable V1OwnerReference controller(V1ObjectMeta pod) {
    if (pod.getOwnerReferences() == null) {
      return null;
    }
    return pod.getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst()
        .orElse(null);
  }

  /** A Deployment names its ReplicaSets after itself and the hash of the template. */
  private static Workload deployment(String replicaSet, @Nullable Map<String, String> labels) {
    String hash = labels == null ? null : labels.get(TEMPLATE_HASH);
    String suffix = "-" + hash;
    return hash != null && replicaSet.endsWith(suffix)
        ? new Workload("Deployment", replicaSet.substring(0, replicaSet.length() - suffix.length()))
        : new Workload("ReplicaSet", replicaSet);
  }

  private static Workload job(String job) {
    Matcher matcher = CRON_JOB.matcher(job);
    return matcher.matches() ? new Workload("CronJob", matcher.group(1)) : new Workload("Job", job);
  }
}
