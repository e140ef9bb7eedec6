package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.CgroupDriver;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneSweep;
import java.nio.file.Path;

/**
 * Where a kubelet works. Immutable.
 *
 * @param nodeName name of the Node object
 * @param clusterName what names of host objects begin with
 * @param directory for its files; it makes and removes it
 * @param cgroup the node's root: a pod sees it as /sys/fs/cgroup
 * @param driver how it names cgroups below
 */
public record KubeletSettings(
    String nodeName,
    String clusterName,
    SceneDirectory directory,
    CgroupTree cgroup,
    CgroupDriver driver) {
  /** The node's part of the BPF file system: a pod sees it as /sys/fs/bpf. */
  public Path bpf() {
    return SceneSweep.BPF_PINS.resolve(clusterName + "-" + nodeName);
  }

  /** What a hostPath volume sees as the node's disk. */
  public Path disk() {
    return directory.path().resolve("disk");
  }
}
