package dev.shunt.e2e.cluster;

import java.util.List;
import java.util.Locale;

/**
 * How a kubelet names cgroups: the two layouts of pkg/kubelet/cm/cgroup_manager_linux.go (1.34)
 * with containerd's names below.
 */
public enum CgroupDriver {
  /** {@code kubepods.slice/kubepods-burstable.slice/...-podUID.slice/cri-containerd-ID.scope}. */
  SYSTEMD,
  /** {@code kubepods/burstable/podUID/ID}. */
  CGROUPFS;

  /** What a pod is guaranteed, by its requests and limits. */
  public enum Quality {
    GUARANTEED,
    BURSTABLE,
    BEST_EFFORT;

    /**
     * The class of a pod.
     *
     * @param name as the API server writes it into the status, such as {@code BestEffort}
     */
    public static Quality of(String name) {
      return switch (name) {
        case "Guaranteed" -> GUARANTEED;
        case "Burstable" -> BURSTABLE;
        default -> BEST_EFFORT;
      };
    }
  }

  /**
   * The folders of a pod below the node's root, outermost first.
   *
   * @param uid as metadata.uid has it
   */
  public List<String> pod(Quality quality, String uid) {
    String level = quality.name().toLowerCase(Locale.ROOT).replace("_", "");
    boolean isTop = quality == Quality.GUARANTEED;
    if (this == CGROUPFS) {
      return isTop ? List.of("kubepods", "pod" + uid) : List.of("kubepods", level, "pod" + uid);
    }
    // a "-" in the name of a slice means a level, systemd.slice(5)
    String escaped = uid.replace('-', '_');
    return isTop
        ? List.of("kubepods.slice", "kubepods-pod" + escaped + ".slice")
        : List.of(
            "kubepods.slice",
            "kubepods-" + level + ".slice",
            "kubepods-" + level + "-pod" + escaped + ".slice");
  }

  /** The folder of a container in that of its pod. */
  public String container(String id) {
    return this == CGROUPFS ? id : "cri-containerd-" + id + ".scope";
  }
}
