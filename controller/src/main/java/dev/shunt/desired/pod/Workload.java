package dev.shunt.desired.pod;

/**
 * What a pod is a replica of.
 *
 * @param kind such as {@code Deployment}; {@code Pod} for one that nothing owns
 * @param name within the pod's namespace
 */
public record Workload(String kind, String name) {
  /** A pod that nothing owns. */
  public static Workload ofPod(String name) {
    return new Workload("Pod", name);
  }

  /** {@code Deployment/web}. */
  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
