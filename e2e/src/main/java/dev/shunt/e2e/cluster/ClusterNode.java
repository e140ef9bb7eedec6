package dev.shunt.e2e.cluster;

import dev.shunt.e2e.cluster.ClusterNetwork.NodeNetwork;
import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.cluster.kubelet.KubeletSettings;
import dev.shunt.e2e.cluster.kubelet.ServiceProxy;
import dev.shunt.e2e.cluster.kubelet.TestKubelet;
import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;

/**
 * A node: its namespace, the test kubelet and what stands in for kube-proxy. Started by one thread;
 * {@link #close} ends its pods, also from a shutdown hook.
 */
public final class ClusterNode implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final KubeletSettings settings;
  private final NodeNetwork network;

  /**
   * Who a node is.
   *
   * @param kubelet kubeconfig of {@code system:node:NAME}
   * @param proxy kubeconfig of {@code system:kube-proxy}
   */
  public record Identity(Path kubelet, Path proxy) {}

  private ClusterNode(KubeletSettings settings, NodeNetwork network) {
    this.settings = settings;
    this.network = network;
  }

  static ClusterNode start(
      KubeletSettings settings, NodeNetwork network, Identity identity, Images images) {
    ClusterNode node = new ClusterNode(settings, network);
    try {
      NamespaceSockets sockets = node.teardown.add(new NamespaceSockets(network.node().name()));
      ServiceProxy proxy =
          node.teardown.add(
              ServiceProxy.start(KubeApi.client(identity.proxy(), sockets), network.node().name()));
      node.teardown.add(
          TestKubelet.start(
              settings,
              network,
              new TestKubelet.Surroundings(
                  KubeApi.client(identity.kubelet(), sockets), sockets, images, proxy)));
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** As the Node object is called. */
  public String name() {
    return settings.nodeName();
  }

  /** Its namespace and those of its pods. */
  public NodeNetwork network() {
    return network;
  }

  /** Its cgroup, files and BPF file system. */
  public KubeletSettings settings() {
    return settings;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
