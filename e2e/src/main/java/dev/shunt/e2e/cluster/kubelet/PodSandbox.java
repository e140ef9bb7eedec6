package dev.shunt.e2e.cluster.kubelet;

import dev.shunt.e2e.cluster.CgroupDriver.Quality;
import dev.shunt.e2e.cluster.ClusterNetwork.NodeNetwork;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.PodNetwork.PodNamespace;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * What the containers of a Pod share: its network namespace, its cgroup and a folder. The Pod's
 * thread; {@link #close} removes it with all that still runs in it.
 */
final class PodSandbox implements AutoCloseable {
  private final NodeNetwork network;
  private final PodNamespace namespace;
  private final CgroupTree cgroup;
  private final Path folder;

  private PodSandbox(NodeNetwork network, PodNamespace namespace, CgroupTree cgroup, Path folder) {
    this.network = network;
    this.namespace = namespace;
    this.cgroup = cgroup;
    this.folder = folder;
  }

  static PodSandbox create(KubeletSettings settings, NodeNetwork network, V1Pod pod) {
    String uid = pod.getMetadata().getUid();
    boolean onNode = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    Path folder = settings.directory().path().resolve("pods").resolve(uid);
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new SceneException("make folder " + folder + " failed: " + e, e);
    }
    Quality quality =
        Quality.of(Optional.ofNullable(pod.getStatus().getQosClass()).orElse("BestEffort"));
    CgroupTree cgroup = settings.cgroup().below(settings.driver().pod(quality, uid));
    return new PodSandbox(
        network,
        onNode ? network.node() : network.addPod("p" + uid.substring(0, 8)),
        cgroup,
        folder);
  }

  /** Its network namespace: its own, or the node's. */
  PodNamespace namespace() {
    return namespace;
  }

  /** Its address: its own, or the node's. */
  String address() {
    return namespace.address();
  }

  /** The cgroup of a container. */
  CgroupTree container(String name) {
    return cgroup.below(List.of(name));
  }

  /** A folder that exists. */
  Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new SceneException("make folder " + folder.resolve(name) + " failed: " + e, e);
    }
  }

  /** Whether any process is in it. */
  boolean isEmpty() {
    return cgroup.processIds().isEmpty();
  }

  @Override
  public void close() {
    cgroup.close();
    if (!namespace.equals(network.node())) {
      network.removePod(namespace);
    }
    SceneDirectory.existing(folder).close();
  }
}
