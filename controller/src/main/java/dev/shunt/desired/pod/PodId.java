package dev.shunt.desired.pod;

/**
 * Which pod. The uid tells a pod from a later one of the same name.
 *
 * @param uid as the API server, or for a static pod the kubelet, gave it; what its cgroup is named
 *     after
 * @param namespace of Kubernetes
 * @param name within the namespace
 */
public record PodId(String uid, String namespace, String name) {
  /** How pods are called where other things have names too: {@code pod:shop/web-0}. */
  public String key() {
    return KEY_PREFIX + this;
  }

  /** What every {@link #key} begins with. */
  public static final String KEY_PREFIX = "pod:";

  /** {@code shop/web-0}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
