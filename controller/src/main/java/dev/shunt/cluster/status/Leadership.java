package dev.shunt.cluster.status;

import dev.shunt.cluster.observe.PlaneMeter;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the Lease, or waits for it. One thread of its own. Lifecycle: from {@link #start} until
 * {@link #close}, which gives the Lease back.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEW_WITHIN = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final LeaderElector elector;
  private final PlaneMeter meter;
  private final String identity;
  private volatile boolean leads;
  private volatile boolean closed;

  private Leadership(LeaderElector elector, String identity, PlaneMeter meter) {
    this.elector = elector;
    this.identity = identity;
    this.meter = meter;
  }

  /**
   * Starts to try.
   *
   * @param identity name of this replica
   */
  public static Leadership start(
      ApiClient client, String namespace, String lease, String identity, PlaneMeter meter) {
    LeaseLock lock = new LeaseLock(namespace, lease, identity, client);
    LeaderElector elector =
        new LeaderElector(new LeaderElectionConfig(lock, LEASE, RENEW_WITHIN, RETRY));
    Leadership leadership = new Leadership(elector, identity, meter);
    Thread thread = new Thread(leadership::run, "leadership");
    thread.setDaemon(true);
    thread.start();
    return leadership;
  }

  /** Whether this replica holds the Lease. */
  public boolean leads() {
    return leads;
  }

  private void run() {
    while (!closed) {
      try {
        elector.run(this::begin, this::end);
      } catch (RuntimeException e) {
        LOG.warn("hold the lease failed: {}; trying again", e.toString());
      }
      end();
    }
  }

  private void begin() {
    leads = true;
    meter.leading();
    LOG.info("{} holds the lease: it writes status and events", identity);
  }

  private void end() {
    if (leads) {
      LOG.info("{} does not hold the lease any more", identity);
    }
    leads = false;
    meter.following();
  }

  @Override
  public void close() {
    closed = true;
    leads = false;
    elector.close();
  }
}
