package dev.shunt.cluster.status;

import dev.shunt.cluster.observe.PlaneMeter;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.function.Consumer;
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
  private final Consumer<String> holder;
  private volatile boolean leads;
  private volatile boolean closed;

  /**
   * Which Lease.
   *
   * @param identity of this replica
   */
  public record Candidate(String namespace, String lease, String identity) {}

  private Leadership(
      LeaderElector elector, String identity, Consumer<String> holder, PlaneMeter meter) {
    this.elector = elector;
    this.identity = identity;
    this.holder = holder;
    this.meter = meter;
  }

  /**
   * Starts to try.
   *
   * @param holder is told the identity of each new holder
   */
  public static Leadership start(
      ApiClient client, Candidate candidate, Consumer<String> holder, PlaneMeter meter) {
    LeaseLock lock =
        new LeaseLock(candidate.namespace(), candidate.lease(), candidate.identity(), client);
    LeaderElector elector =
        new LeaderElector(new LeaderElectionConfig(lock, LEASE, RENEW_WITHIN, RETRY));
    Leadership leadership = new Leadership(elector, candidate.identity(), holder, meter);
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
        elector.run(this::begin, this::end, holder);
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
