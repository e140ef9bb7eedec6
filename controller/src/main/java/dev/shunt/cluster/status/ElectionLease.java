package dev.shunt.cluster.status;

import dev.shunt.cluster.status.Leadership.Candidate;
import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.extended.leaderelection.Lock;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.net.HttpURLConnection;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lease as the election reads and writes it. Takes one as bare as the chart makes it, and says
 * once when the API server stops answering, and once when it answers again: the election itself
 * logs a stack trace every two seconds. Called by one thread of the election at a time; blocks.
 */
final class ElectionLease implements Lock {
  private static final Logger LOG = LoggerFactory.getLogger(ElectionLease.class);

  private final Candidate candidate;
  private final CoordinationV1Api api;
  private volatile V1Lease read = new V1Lease();
  private final Outage reading = new Outage("read");
  private final Outage writing = new Outage("written");

  /** A request to the API server. */
  @FunctionalInterface
  private interface Request {
    V1Lease execute() throws ApiException;
  }

  ElectionLease(ApiClient client, Candidate candidate) {
    this.candidate = candidate;
    api = new CoordinationV1Api(client);
  }

  @Override
  public LeaderElectionRecord get() throws ApiException {
    try {
      read = api.readNamespacedLease(candidate.lease(), candidate.namespace()).execute();
    } catch (ApiException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        reading.ended(); // an answer: it can be created
      } else {
        reading.goesOn("read", e);
      }
      throw e;
    }
    reading.ended();
    return record(read.getSpec() == null ? new V1LeaseSpec() : read.getSpec());
  }

  @Override
  public boolean create(LeaderElectionRecord record) {
    V1Lease made =
        new V1Lease()
            .metadata(new V1ObjectMeta().name(candidate.lease()).namespace(candidate.namespace()))
            .spec(spec(record));
    return write("create", () -> api.createNamespacedLease(candidate.namespace(), made).execute());
  }

  @Override
  public boolean update(LeaderElectionRecord record) {
    V1Lease changed = read.spec(spec(record));
    return write(
        "update",
        () ->
            api.replaceNamespacedLease(candidate.lease(), candidate.namespace(), changed)
                .execute());
  }

  private boolean write(String operation, Request request) {
    try {
      read = request.execute();
    } catch (ApiException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        LOG.debug("{} lease {} failed: another replica was faster", operation, candidate.lease());
      } else {
        writing.goesOn(operation, e);
      }
      return false;
    }
    writing.ended();
    return true;
  }

  /** Reading or writing that fails. Each for itself: a replica that does not lead only reads. */
  private final class Outage {
    private final String done;
    private volatile boolean lasts;

    Outage(String done) {
      this.done = done;
    }

    void goesOn(String operation, ApiException e) {
      String cause =
          e.getCode() == 0
              ? String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause())
              : "HTTP " + e.getCode();
      if (lasts) {
        LOG.debug("{} lease {} failed: {}", operation, candidate.lease(), cause);
      } else {
        lasts = true;
        LOG.warn(
            "{} lease {} failed: {}; trying again every {} s, without it nobody writes status",
            operation,
            candidate.lease(),
            cause,
            Leadership.RETRY.toSeconds());
      }
    }

    void ended() {
      if (lasts) {
        lasts = false;
        LOG.info("lease {} can be {} again", candidate.lease(), done);
      }
    }
  }

  private static LeaderElectionRecord record(V1LeaseSpec spec) {
    LeaderElectionRecord record = new LeaderElectionRecord();
    record.setHolderIdentity(spec.getHolderIdentity());
    record.setAcquireTime(date(spec.getAcquireTime()));
    record.setRenewTime(date(spec.getRenewTime()));
    Integer seconds = spec.getLeaseDurationSeconds();
    record.setLeaseDurationSeconds(seconds == null ? 0 : seconds);
    Integer transitions = spec.getLeaseTransitions();
    record.setLeaderTransitions(transitions == null ? 0 : transitions);
    return record;
  }

  private static V1LeaseSpec spec(LeaderElectionRecord record) {
    return new V1LeaseSpec()
        .holderIdentity(record.getHolderIdentity())
        .acquireTime(time(record.getAcquireTime()))
        .renewTime(time(record.getRenewTime()))
        .leaseDurationSeconds(Math.max(1, record.getLeaseDurationSeconds()))
        .leaseTransitions(record.getLeaderTransitions());
  }

  private static @Nullable Date date(@Nullable OffsetDateTime time) {
    return time == null ? null : Date.from(time.toInstant());
  }

  private static @Nullable OffsetDateTime time(@Nullable Date date) {
    return date == null ? null : OffsetDateTime.ofInstant(date.toInstant(), ZoneOffset.UTC);
  }

  @Override
  public String identity() {
    return candidate.identity();
  }

  @Override
  public String describe() {
    return candidate.namespace() + "/" + candidate.lease();
  }
}
