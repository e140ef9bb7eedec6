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
import java.io.IOException;
import java.time.Clock;
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
  private final PlaneServer server;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "plane-ticker");
            thread.setDaemon(true);
            return thread;
          });

  private PlaneCore(
      PlaneLoop loop, Distributor distributor, ClusterStats stats, PlaneServer server) {
    this.loop = loop;
    this.distributor = distributor;
    this.stats = stats;
    this.server = server;
  }

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
    PlaneLoop loop = PlaneLoop.start(distributor, meter);
    try {
      PlaneServer server =
          PlaneServer.start(
              settings,
              new PlaneServer.Services(
                  new DistributionService(distributor, meter),
                  new ClusterService(loop, distributor, stats)),
              authority,
              reviews,
              meter);
      PlaneCore core = new PlaneCore(loop, distributor, stats, server);
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
    } catch (IOException | RuntimeException e) {
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
    distributor.drain();
    server.close();
    loop.close();
  }
}
