package dev.shunt.cluster.status;

import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.status.Leadership.Candidate;
import dev.shunt.cluster.watch.FakeApi;
import io.kubernetes.client.openapi.ApiClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How the Lease is taken. The API server is imitated. */
class LeadershipTest {
  private static String lease(String spec) {
    return "{\"metadata\":{\"name\":\"plane\",\"resourceVersion\":\"7\"},\"spec\":{%s}}"
        .formatted(spec);
  }

  private static Leadership start(FakeApi api, String lease) {
    return Leadership.start(
        new ApiClient().setBasePath(api.url()),
        new Candidate("shunt", lease, "me"),
        holder -> {},
        new PlaneMeter(new PrometheusRegistry()));
  }

  @Test
  void start_bareLeaseOfTheChart_taken() throws Exception {
    FakeApi api = new FakeApi();
    api.answer(200, lease(""));
    api.answer(200, lease("\"holderIdentity\":\"me\""));
    // closed first, or giving the lease back would wait for answers that do not come
    try (Leadership leadership = start(api, "plane");
        api) {
      until("the lease", leadership::leads);
    }
    assertThat(api.requests().get(1))
        .startsWith("PUT /apis/coordination.k8s.io/v1/namespaces/shunt/leases/plane")
        .contains("\"holderIdentity\":\"me\"", "\"resourceVersion\":\"7\"")
        .contains("\"leaseDurationSeconds\":15", "\"leaseTransitions\":1");
  }

  @Test
  void apiServer_awayAndBack_oneLineEachAndNoStackTrace() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    List<ILoggingEvent> told;
    log.start();
    root.addAppender(log);
    FakeApi api = new FakeApi();
    api.answer(503);
    api.answer(503);
    api.answer(200, lease(""));
    api.answer(200, lease("\"holderIdentity\":\"me\""));
    // as above
    try (Leadership leadership = start(api, "away");
        api) {
      until("the lease", leadership::leads);
      told = List.copyOf(log.list); // from here on it waits for answers that do not come
    } finally {
      root.detachAppender(log);
    }
    assertThat(told).as("stack traces").noneMatch(event -> event.getThrowableProxy() != null);
    assertThat(told.stream().map(ILoggingEvent::getFormattedMessage))
        .filteredOn(line -> line.contains("lease away"))
        .containsExactly(
            "read lease away failed: HTTP 503; trying again every 2 s, without it nobody writes"
                + " status",
            "lease away can be read again");
  }
}
