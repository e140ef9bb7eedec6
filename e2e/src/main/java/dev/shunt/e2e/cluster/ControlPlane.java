package dev.shunt.e2e.cluster;

import static dev.shunt.e2e.cluster.ClusterNetwork.API_SERVICE;
import static dev.shunt.e2e.cluster.ClusterNetwork.CONTROL_ADDRESS;
import static dev.shunt.e2e.scene.PodNetwork.inside;

import dev.shunt.e2e.cluster.ClusterCertificates.Pair;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * etcd, API server, controller manager and scheduler as processes in the cluster's control
 * namespace. The thread that starts it must outlive it; {@link #close} also from a shutdown hook.
 */
final class ControlPlane implements AutoCloseable {
  private static final int ETCD_PORT = 2379;
  private static final int ETCD_PEER_PORT = 2380;
  private static final int API_PORT = 6443;

  /** As everybody knows the API server. */
  static final String SERVER = "https://" + CONTROL_ADDRESS + ":" + API_PORT;

  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private final Path program;
  private final String namespace;
  private final Path home;
  private final ClusterCertificates certificates;
  private final List<SceneProcess> parts = new ArrayList<>();

  ControlPlane(
      Path program, String namespace, SceneDirectory directory, ClusterCertificates certificates) {
    this.program = program;
    this.namespace = namespace;
    this.certificates = certificates;
    home = directory.folder("control-plane", 0);
  }

  /**
   * Starts etcd and the API server and blocks until they listen.
   *
   * @param progress gets a line for each part
   * @throws SceneException when one ends or is late; the message has the end of its log
   */
  void start(Consumer<String> progress) {
    SceneProcess etcd = startPart("etcd", etcd());
    etcd.awaitListening(ETCD_PORT, START_LIMIT);
    progress.accept("  etcd serves");
    SceneProcess server = startPart("kube-apiserver", apiServer());
    server.awaitListening(API_PORT, START_LIMIT);
    progress.accept("  kube-apiserver listens");
  }

  /** Starts what is a client of the API server, which has to be ready: it makes their roles. */
  void startClients() {
    startPart("kube-controller-manager", controllerManager());
    startPart("kube-scheduler", client("kube-scheduler", List.of()));
  }

  /**
   * Blocks until a condition holds.
   *
   * @throws SceneException when a part ends meanwhile, or the limit passes
   */
  void await(String what, BooleanSupplier condition) {
    Await.until(() -> ended().isPresent() || condition.getAsBoolean(), START_LIMIT);
    ended()
        .ifPresent(
            part -> {
              throw new SceneException(
                  "await %s failed: %s ended: %s".formatted(what, part.name(), part.logTail()));
            });
    if (!condition.getAsBoolean()) {
      throw new SceneException(
          "await %s failed: not within %s: %s"
              .formatted(what, START_LIMIT, parts.get(parts.size() - 1).logTail()));
    }
  }

  private Optional<SceneProcess> ended() {
    return parts.stream().filter(part -> !part.isAlive()).findFirst();
  }

  /** The processes, in the order of their start. */
  List<SceneProcess> parts() {
    return List.copyOf(parts);
  }

  private SceneProcess startPart(String name, List<String> arguments) {
    List<String> argv =
        new ArrayList<>(List.of(SceneRequirements.program("setpriv"), "--pdeathsig=KILL", "--"));
    argv.addAll(List.of(program.toString(), name));
    argv.addAll(arguments);
    SceneProcess process =
        SceneProcess.start(name, inside(namespace, argv), home.resolve(name + ".log"));
    parts.add(process);
    return process;
  }

  private List<String> etcd() {
    String clients = "http://127.0.0.1:" + ETCD_PORT;
    String peers = "http://127.0.0.1:" + ETCD_PEER_PORT;
    return List.of(
        "--name=test",
        "--data-dir=" + home.resolve("etcd"),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=test=" + peers,
        "--log-level=warn",
        // its data lives no longer than the run
        "--unsafe-no-fsync");
  }

  private List<String> apiServer() {
    Pair serving =
        certificates.server(
            "kube-apiserver",
            List.of(
                "DNS:kubernetes",
                "DNS:kubernetes.default",
                "DNS:kubernetes.default.svc",
                "DNS:kubernetes.default.svc.cluster.local",
                "DNS:localhost",
                "IP:127.0.0.1",
                "IP:" + API_SERVICE,
                "IP:" + CONTROL_ADDRESS));
    Pair accounts = certificates.accounts();
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + ETCD_PORT,
        "--bind-address=0.0.0.0",
        "--advertise-address=" + CONTROL_ADDRESS,
        "--secure-port=" + API_PORT,
        "--tls-cert-file=" + serving.certificate(),
        "--tls-private-key-file=" + serving.key(),
        "--client-ca-file=" + certificates.authority().certificate(),
        "--service-account-issuer=" + ISSUER,
        "--service-account-key-file=" + accounts.certificate(),
        "--service-account-signing-key-file=" + accounts.key(),
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--service-cluster-ip-range=" + ClusterNetwork.SERVICES,
        "--allow-privileged=true");
  }

  private List<String> controllerManager() {
    return client(
        "kube-controller-manager",
        List.of(
            "--service-account-private-key-file=" + certificates.accounts().key(),
            "--root-ca-file=" + certificates.authority().certificate(),
            "--cluster-signing-cert-file=" + certificates.authority().certificate(),
            "--cluster-signing-key-file=" + certificates.authority().key(),
            "--use-service-account-credentials=true"));
  }

  /** What both parts have that are clients of the API server. */
  private List<String> client(String part, List<String> more) {
    Pair pair = certificates.client(part, "system:" + part, "system:" + part);
    Path kubeconfig =
        new Kubeconfig(SERVER, certificates.authority().certificate())
            .withCertificate(home.resolve(part + ".kubeconfig"), pair);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--leader-elect=false"));
    arguments.addAll(more);
    return arguments;
  }

  @Override
  public void close() {
    for (int i = parts.size() - 1; i >= 0; i--) {
      parts.get(i).closeWithin(STOP_GRACE);
    }
  }
}
