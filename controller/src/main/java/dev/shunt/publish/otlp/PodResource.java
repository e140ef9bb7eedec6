package dev.shunt.publish.otlp;

import dev.shunt.observe.telemetry.PodName;
import dev.shunt.observe.trace.TraceEvent;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whose a span is: a workload of a pod, or a program of a host. Immutable.
 *
 * @param namespace of the cluster; empty: no pod
 * @param pod its name; empty: no pod
 * @param workload such as {@code Deployment/cart}; empty: none that is known
 * @param command of the process
 */
record PodResource(String namespace, String pod, String workload, String command) {
  /** Kinds that the semantic conventions have a name for. */
  private static final Set<String> KINDS =
      Set.of("deployment", "statefulset", "daemonset", "replicaset", "job", "cronjob");

  static PodResource of(TraceEvent.Subject subject) {
    String workload = subject.place().workload();
    String command = subject.actor().command();
    return PodName.of(subject.place())
        .map(name -> new PodResource(name.namespace(), name.pod(), workload, command))
        .orElseGet(() -> new PodResource("", "", workload, command));
  }

  List<KeyValue> attributes() {
    List<KeyValue> attributes = new ArrayList<>();
    attributes.add(Attributes.of("service.name", service()));
    if (!command.isEmpty()) {
      attributes.add(Attributes.of("process.executable.name", command));
    }
    if (!pod.isEmpty()) {
      attributes.add(Attributes.of("k8s.namespace.name", namespace));
      attributes.add(Attributes.of("k8s.pod.name", pod));
    }
    int slash = workload.indexOf('/');
    String kind = workload.substring(0, Math.max(0, slash)).toLowerCase(Locale.ROOT);
    if (KINDS.contains(kind)) {
      attributes.add(Attributes.of("k8s." + kind + ".name", workload.substring(slash + 1)));
    }
    return attributes;
  }

  /** The narrowest name that stays when a pod is replaced. */
  private String service() {
    if (!workload.isEmpty()) {
      return workload.substring(workload.indexOf('/') + 1);
    }
    String other = pod.isEmpty() ? command : pod;
    return other.isEmpty() ? "unknown_service" : other;
  }
}
