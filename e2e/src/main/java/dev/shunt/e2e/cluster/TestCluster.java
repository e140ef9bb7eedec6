package dev.shunt.e2e.cluster;

import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.cluster.kubelet.KubeletSettings;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A real cluster on this machine. The thread that starts it must outlive it; {@link #close} stops
 * and removes everything, also from a shutdown hook, and may block for some seconds.
 */
public final class TestCluster implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final String name;
  private final ClusterTools tools;
  private final SceneDirectory directory;
  private final CgroupTree cgroup;
  private final ClusterNetwork network;
  private final ClusterCertificates certificates;
  private final ControlPlane controlPlane;
  private final NamespaceSockets sockets;
  private final Path admin;
  private final Path toolHome;
  private final Path nodes;

  /**
   * The programs that a cluster is made of.
   *
   * @param kubernetes see {@link KubernetesProgram}
   * @param tools helm and kubectl
   */
  public record Programs(Path kubernetes, ClusterTools tools) {
    /** Those of this user, built and fetched first where they are not there. */
    public static Programs ofUser(Consumer<String> progress) {
      ClusterCache cache = ClusterCache.ofUser();
      ClusterTools tools = ClusterTools.find();
      return new Programs(KubernetesProgram.path(cache, progress), tools);
    }
  }

  private TestCluster(String name, Programs programs, Consumer<String> progress) {
    this.name = name;
    tools = programs.tools();
    try {
      directory = teardown.add(SceneDirectory.create(name));
      cgroup = teardown.add(CgroupTree.create(name));
      network = teardown.add(ClusterNetwork.create(name));
      sockets = teardown.add(new NamespaceSockets(network.control()));
      certificates = ClusterCertificates.create(directory);
      toolHome = directory.folder("tools", 0);
      nodes = directory.folder("nodes", 0);
      admin = kubeconfig("admin", "kubernetes-admin", "system:masters");
      controlPlane =
          teardown.add(
              new ControlPlane(programs.kubernetes(), network.control(), directory, certificates));
      controlPlane.start(progress);
      KubeTool kubectl = kubectl();
      controlPlane.await(
          "API server", () -> kubectl.tryRun("get", "--raw=/readyz").exitCode() == 0);
      controlPlane.startClients();
      // admission refuses pods before the controller manager made it
      controlPlane.await(
          "service account of namespace default",
          () -> kubectl.tryRun("get", "serviceaccount", "default").exitCode() == 0);
    } catch (RuntimeException e) {
      teardown.close();
      throw e;
    }
  }

  /**
   * Starts a cluster without nodes and blocks until its API server is ready.
   *
   * @param name of everything it makes, unique on this host
   * @throws SceneException when a part does not start
   */
  public static TestCluster start(String name, Programs programs, Consumer<String> progress) {
    return new TestCluster(name, programs, progress);
  }

  /** How pods of a node are run: with the cgroup tree that this kind of kubelet makes. */
  public ClusterNode addNode(String nodeName, CgroupDriver driver, Images images) {
    Path kubeconfig = kubeconfig(nodeName, "system:node:" + nodeName, "system:nodes");
    Path proxy = kubeconfig(nodeName + "-proxy", "system:kube-proxy", "system:node-proxier");
    ClusterNetwork.NodeNetwork place = network.addNode(nodeName);
    CgroupTree tree = cgroup.child(nodeName);
    KubeletSettings settings =
        new KubeletSettings(
            nodeName, name, SceneDirectory.existing(nodes.resolve(nodeName)), tree, driver);
    return teardown.add(
        ClusterNode.start(settings, place, new ClusterNode.Identity(kubeconfig, proxy), images));
  }

  private Path authority() {
    return certificates.authority().certificate();
  }

  /** A kubeconfig file of a user with a certificate. */
  public Path kubeconfig(String file, String user, String group) {
    return new Kubeconfig(ControlPlane.SERVER, authority())
        .withCertificate(
            directory.path().resolve(file + ".kubeconfig"), certificates.client(file, user, group));
  }

  /** A kubeconfig file of a service account, with a token of one hour. */
  public Path accountKubeconfig(String namespace, String account) {
    String token = kubectl().run("create", "token", account, "-n", namespace, "--duration=1h");
    return new Kubeconfig(ControlPlane.SERVER, authority())
        .withToken(
            directory.path().resolve(namespace + "-" + account + ".kubeconfig"), token.strip());
  }

  /** Who may do anything. */
  public Path adminKubeconfig() {
    return admin;
  }

  /** kubectl of an administrator. */
  public KubeTool kubectl() {
    return kubectl(admin);
  }

  /** kubectl of anybody. */
  public KubeTool kubectl(Path kubeconfig) {
    return new KubeTool(network.control(), tools.kubectl(), kubeconfig, toolHome);
  }

  /** helm of an administrator. */
  public KubeTool helm() {
    return new KubeTool(network.control(), tools.helm(), admin, toolHome);
  }

  /** For clients of this process, see {@link KubeApi}. */
  public NamespaceSockets sockets() {
    return sockets;
  }

  /** The network, to reach pods. */
  public ClusterNetwork network() {
    return network;
  }

  /** Where it keeps files of the run. */
  public SceneDirectory directory() {
    return directory;
  }

  /** etcd, API server, controller manager and scheduler. */
  public List<SceneProcess> controlPlane() {
    return controlPlane.parts();
  }

  @Override
  public void close() {
    teardown.close();
  }
}
