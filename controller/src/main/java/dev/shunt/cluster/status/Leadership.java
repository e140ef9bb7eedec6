package dev.shunt.cluster.status;

import dev.shunt.cluster.observe.PlaneMeter;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
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

  /** Between two tries. */
  static final Duration RETRY = Duration.ofSeconds(2);

  private final LeaderElector elector;
  private final Candidate candidate;
  private final PlaneMeter meter;
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
      ApiClient client, Candidate candidate, Consumer<String> holder, PlaneMeter meter) {
    this.candidate = candidate;
    this.holder = holder;
    this.meter = meter;
    elector =
        new LeaderElector(
            new LeaderElectionConfig(
                new ElectionLease(client, candidate), LEASE, RENEW_WITHIN, RETRY),
            Leadership::failed);
  }

  /**
   * Starts to try.
   *
   * @param holder is told the identity of each new holder
   */
  public static Leadership start(
      ApiClient client, Candidate candidate, Consumer<String> holder, PlaneMeter meter) {
    Leadership leadership = new Leadership(client, candidate, holder, meter);
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
        LOG.warn(
            "hold the lease failed: {}; trying again in {} s", e.toString(), RETRY.toSeconds());
        LockSupport.parkNanos(RETRY.toNanos());
      }
      end();
    }
  }

  private static void failed(Throwable e) {
    if (e instanceof TimeoutException) {
      LOG.debug("no answer about the lease within {} s", RETRY.toSeconds());
    } else {
      LOG.warn("hold the lease failed: {}; trying again in {} s", e, RETRY.toSeconds());
    }
  }

  private void begin() {
    leads = true;
    meter.leading();
    LOG.info("{} holds the lease: it writes status and events", candidate.identity());
  }

  private void end() {
    if (leads) {
      LOG.info("{} does not hold the lease any more", candidate.identity());
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
