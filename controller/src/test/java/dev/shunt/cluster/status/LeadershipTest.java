package dev.shunt.cluster.status;

import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.status.Leadership.Candidate;
import dev.shunt.cluster.watch.FakeApi;
import io.kubernetes.client.openapi.ApiClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;

/** How the Lease is taken. The API server is imitated. */
class LeadershipTest {
  private static String lease(String spec) {
    return "{\"metadata\":{\"name\":\"plane\",\"resourceVersion\":\"7\"},\"spec\":{%s}}"
        .formatted(spec);
  }

  @Test
  void start_bareLeaseOfTheChart_completedAndTaken() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.answer(200, lease(""));
      api.answer(200, lease("\"leaseTransitions\":0,\"leaseDurationSeconds\":1"));
      api.answer(200, lease("\"leaseTransitions\":0,\"leaseDurationSeconds\":1"));
      api.answer(
          200,
          lease("\"leaseTransitions\":1,\"leaseDurationSeconds\":15,\"holderIdentity\":\"me\""));
      try (Leadership leadership =
          Leadership.start(
              new ApiClient().setBasePath(api.url()),
              new Candidate("shunt", "plane", "me"),
              holder -> {},
              new PlaneMeter(new PrometheusRegistry()))) {
        until("the lease", leadership::leads);
      }
      assertThat(api.requests().get(1))
          .startsWith("PUT /apis/coordination.k8s.io/v1/namespaces/shunt/leases/plane")
          .contains("\"leaseTransitions\":0", "\"resourceVersion\":\"7\"");
    }
  }
}
