package dev.shunt.desired.pod;

/**
 * Which pods a policy is about, apart from its own namespace.
 *
 * @param pods by their labels
 * @param namespaces by their labels; everything in a namespaced policy
 * @param nodes by their labels; everything in a namespaced policy
 * @param canary which share of the workloads that the rest selects
 */
public record PodScope(
    LabelSelector pods, LabelSelector namespaces, LabelSelector nodes, Canary canary) {
  /** Every pod. */
  public static final PodScope EVERYTHING =
      new PodScope(
          LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, Canary.ALL);

  /** Pods by their labels alone. */
  public static PodScope of(LabelSelector pods) {
    return new PodScope(pods, LabelSelector.EVERYTHING, LabelSelector.EVERYTHING, Canary.ALL);
  }

  /** Whether it leaves no pod out. */
  public boolean isEverything() {
    return equals(EVERYTHING);
  }

  /** Whether it leaves this pod in. */
  boolean selects(PodFacts pod, Labels labels) {
    return pods.matches(pod.labels())
        && (namespaces.isEverything()
            || labels.ofNamespace(pod.namespace()).map(namespaces::matches).orElse(false))
        && selectsNode(pod.node(), labels)
        && canary.includes(pod.namespace(), pod.workload());
  }

  /** Whether it leaves a node in. */
  boolean selectsNode(String node, Labels labels) {
    return nodes.isEverything() || labels.ofNode(node).map(nodes::matches).orElse(false);
  }
}
