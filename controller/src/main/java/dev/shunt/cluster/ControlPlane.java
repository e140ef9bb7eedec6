package dev.shunt.cluster;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cluster.distribute.PlaneLoop;
import dev.shunt.cluster.identity.Authority;
import dev.shunt.cluster.identity.AuthoritySecret;
import dev.shunt.cluster.identity.IdentityConfig;
import dev.shunt.cluster.identity.KubernetesReviews;
import dev.shunt.cluster.identity.PlaneServer;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.replicas.ReplicaAddress;
import dev.shunt.cluster.status.Leadership;
import dev.shunt.cluster.status.Leadership.Candidate;
import dev.shunt.cluster.status.StatusWriter;
import dev.shunt.cluster.watch.KubernetesFacts;
import dev.shunt.cluster.watch.PolicyBook;
import dev.shunt.ingest.kubernetes.ClusterAccess;
import io.kubernetes.client.openapi.ApiClient;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of a control plane, started in order and stopped in reverse. Main thread. */
final class ControlPlane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PlaneMeter meter = new PlaneMeter(registry);
  private volatile @Nullable PlaneLoop loop;
  private volatile boolean stopping;
  private int port;

  private ControlPlane() {}

  /**
   * Starts all parts; facts arrive later.
   *
   * @throws CannotRunException something is missing; nothing is left running
   */
  static ControlPlane start(ControlPlaneConfig config) {
    ControlPlane plane = new ControlPlane();
    try {
      plane.startParts(config);
      return plane;
    } catch (IOException e) {
      plane.close();
      throw new CannotRunException(e.getMessage() + "; nothing is left running", e);
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  private void startParts(ControlPlaneConfig config) throws IOException {
    JvmMetrics.builder().register(registry);
    if (config.metrics().isPresent()) {
      parts.push(PlaneHealth.start(config.metrics().get(), registry, this::unready));
    }
    ClusterAccess access = ClusterAccess.open(config.kubeconfig());
    ApiClient client = access.lists();
    String namespace = config.self().namespace();
    Authority authority =
        new AuthoritySecret(client, namespace, config.names().secret(), Clock.systemUTC())
            .loadOrCreate();
    PlaneCore core =
        PlaneCore.start(settings(config), authority, new KubernetesReviews(client), meter);
    parts.push(core);
    port = core.port();
    PolicyBook policies = new PolicyBook(meter);
    parts.push(KubernetesFacts.start(access, policies, core.sink(), meter));
    Leadership leadership =
        Leadership.start(
            client,
            new Candidate(namespace, config.names().lease(), identity(config)),
            holder -> core.follow(otherThan(config.self().pod(), holder)),
            meter);
    parts.push(leadership);
    parts.push(
        StatusWriter.start(
            client,
            new StatusWriter.Sources(policies, core.loop(), core.directory(), core.stats()),
            config.self().pod(),
            leadership::leads,
            meter));
    loop = core.loop();
  }

  /** With an address, so that other replicas find this one when it holds the Lease. */
  private String identity(ControlPlaneConfig config) {
    ControlPlaneConfig.Self self = config.self();
    return self.ip().isEmpty()
        ? self.pod()
        : new ReplicaAddress(self.pod(), self.ip(), port).toString();
  }

  private static Optional<ReplicaAddress> otherThan(String pod, String holder) {
    return ReplicaAddress.parse(holder).filter(address -> !address.pod().equals(pod));
  }

  /** Ready is who can tell nodes something: not before all watches have listed. */
  private String unready() {
    PlaneLoop started = loop;
    if (stopping || started == null) {
      return stopping ? "stopping" : "starting";
    }
    return started.isSynced() ? "" : "watches have not listed yet";
  }

  private static PlaneServer.Settings settings(ControlPlaneConfig config) throws IOException {
    String service = config.names().service() + "." + config.self().namespace();
    List<String> names =
        new ArrayList<>(
            List.of(
                config.names().service(),
                service,
                service + ".svc",
                service + ".svc.cluster.local",
                "localhost",
                "127.0.0.1"));
    InetAddress address = config.listen().getAddress();
    if (!address.isAnyLocalAddress() && !address.isLoopbackAddress()) {
      names.add(address.getHostAddress());
    }
    return new PlaneServer.Settings(
        config.listen(),
        names,
        new IdentityConfig(
            config.self().namespace(),
            config.names().nodeServiceAccount(),
            config.names().audience(),
            IdentityConfig.LIFE_DEFAULT));
  }

  /** The gRPC port in use. */
  int port() {
    return port;
  }

  @Override
  public void close() {
    stopping = true;
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("stop {} failed: {}; going on", part.getClass().getSimpleName(), e.toString());
      }
    }
  }
}
