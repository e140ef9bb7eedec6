package dev.shunt.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.shunt.cluster.status.Leadership.Candidate;
import dev.shunt.cluster.watch.FakeApi;
import io.kubernetes.client.extended.leaderelection.LeaderElectionRecord;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is said of outages: one line when one begins, one when it ends. The API is imitated. */
class ElectionLeaseTest {
  private static final String HELD =
      "{\"metadata\":{\"name\":\"plane\"},\"spec\":{\"holderIdentity\":\"other\"}}";

  private static final String WARNING =
      "%s lease plane failed: HTTP 503; trying again every 2 s, without it nobody writes status";

  private final Logger logger = (Logger) LoggerFactory.getLogger(ElectionLease.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private FakeApi api;
  private ElectionLease lease;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi();
    lease =
        new ElectionLease(
            new ApiClient().setBasePath(api.url()), new Candidate("shunt", "plane", "me"));
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    api.close();
  }

  private void get(int code) throws Exception {
    api.answer(code, HELD);
    if (code == 200) {
      assertThat(lease.get().getHolderIdentity()).isEqualTo("other");
    } else {
      assertThatThrownBy(lease::get).isInstanceOf(ApiException.class);
    }
  }

  private boolean update(int code) {
    api.answer(code, HELD);
    LeaderElectionRecord record = new LeaderElectionRecord();
    record.setHolderIdentity("me");
    return lease.update(record);
  }

  private List<String> told() {
    return log.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void get_secondOutageOfAReplicaThatOnlyReads_toldAsTheFirst() throws Exception {
    for (int code : List.of(200, 503, 503, 200, 200, 503, 503, 200)) {
      get(code);
    }

    String begins = WARNING.formatted("read");
    String ends = "lease plane can be read again";
    assertThat(told()).containsExactly(begins, ends, begins, ends);
  }

  @Test
  void get_leaseIsNotThereYet_endsTheOutage() throws Exception {
    get(503);
    get(404);

    assertThat(told()).containsExactly(WARNING.formatted("read"), "lease plane can be read again");
  }

  @Test
  void update_failsWhileReadingWorks_toldOnceUntilOneIsDone() throws Exception {
    for (int code : List.of(503, 503, 200)) {
      get(200);
      assertThat(update(code)).isEqualTo(code == 200);
    }

    assertThat(told())
        .containsExactly(WARNING.formatted("update"), "lease plane can be written again");
  }

  @Test
  void update_anotherReplicaWasFaster_noOutage() throws Exception {
    get(200);
    assertThat(update(409)).isFalse();

    assertThat(told()).isEmpty();
  }
}
