package dev.shunt.cluster;

import dev.shunt.cluster.aggregate.ClusterService;
import dev.shunt.cluster.aggregate.ClusterStats;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.distribute.DistributionService;
import dev.shunt.cluster.distribute.Distributor;
import dev.shunt.cluster.distribute.PlaneLoop;
import dev.shunt.cluster.identity.Authority;
import dev.shunt.cluster.identity.PlaneServer;
import dev.shunt.cluster.identity.Reviews;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.replicas.HubLink;
import dev.shunt.cluster.replicas.NodeDirectory;
import dev.shunt.cluster.replicas.ReplicaAddress;
import dev.shunt.cluster.replicas.ReplicaService;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane from facts to nodes and back, without the API server. Lifecycle: serving from
 * {@link #start} until {@link #close}.
 */
public final class PlaneCore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlaneCore.class);
  private static final long CHECK_SECONDS = 5;

  private final PlaneLoop loop;
  private final Distributor distributor;
  private final ClusterStats stats;
  private final NodeDirectory directory;
  private final PlaneServer server;
  private final HubLink link;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "plane-ticker");
            thread.setDaemon(true);
            return thread;
          });

  private PlaneCore(Parts parts, PlaneServer server) {
    this.loop = parts.loop();
    this.distributor = parts.distributor();
    this.stats = parts.stats();
    this.directory = parts.directory();
    this.server = server;
    this.link = new HubLink(directory, hub -> server.connect(hub.host(), hub.port()));
  }

  /** What the server's services are made of. */
  private record Parts(
      PlaneLoop loop, Distributor distributor, ClusterStats stats, NodeDirectory directory) {}

  /**
   * Starts serving; nodes are told nothing before the sink has heard {@code synced}.
   *
   * @throws IOException with one sentence for the user when it cannot listen
   */
  public static PlaneCore start(
      PlaneServer.Settings settings, Authority authority, Reviews reviews, PlaneMeter meter)
      throws IOException {
    Distributor distributor = new Distributor(meter);
    ClusterStats stats = new ClusterStats();
    distributor.addListener(stats);
    NodeDirectory directory = new NodeDirectory(distributor, stats);
    PlaneLoop loop = PlaneLoop.start(distributor, meter);
    try {
      PlaneServer server =
          PlaneServer.start(
              settings,
              new PlaneServer.Services(
                  new DistributionService(distributor, meter),
                  new ClusterService(loop, directory, stats),
                  new ReplicaService(directory)),
              authority,
              reviews,
              meter);
      PlaneCore core = new PlaneCore(new Parts(loop, distributor, stats, directory), server);
      var unused =
          core.ticker.scheduleWithFixedDelay(
              core::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
      return core;
    } catch (IOException | RuntimeException e) {
      loop.close();
      throw e;
    }
  }

  private void check() {
    try {
      distributor.endExpired(Clock.systemUTC().instant());
      server.renewIfDue();
    } catch (RuntimeException e) {
      LOG.error("a regular check failed; it runs again", e);
    }
  }

  /** Where facts go. */
  public FactSink sink() {
    return loop;
  }

  /** Who owns the facts. */
  public PlaneLoop loop() {
    return loop;
  }

  /** Who knows the nodes' streams. */
  public Distributor distributor() {
    return distributor;
  }

  /** Who knows all nodes, also those of other replicas. */
  public NodeDirectory directory() {
    return directory;
  }

  /** Shares nodes with the replica that holds the Lease; empty: it is this one, or unknown. */
  public void follow(Optional<ReplicaAddress> holder) {
    link.follow(holder);
  }

  /** What nodes counted. */
  public ClusterStats stats() {
    return stats;
  }

  /** The port in use. */
  public int port() {
    return server.port();
  }

  /** Sends nodes elsewhere, ends calls, stops threads. */
  @Override
  public void close() {
    ticker.shutdownNow();
    link.close();
    distributor.drain();
    server.close();
    loop.close();
  }
}
