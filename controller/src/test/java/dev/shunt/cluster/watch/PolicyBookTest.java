package dev.shunt.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.PolicyFact;
import dev.shunt.cluster.observe.PlaneMeter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyBookTest {
  private final PolicyBook book = new PolicyBook(new PlaneMeter(new PrometheusRegistry()));

  private static JsonObject object(long generation, String mode) {
    return new Gson()
        .fromJson(
            """
            {"apiVersion":"shunt.dev/v1alpha1","kind":"Acceleration",
            "metadata":{"name":"web","namespace":"shop","uid":"u1","generation":%d,
            "resourceVersion":"9","creationTimestamp":"2026-01-01T00:00:00Z",
            "managedFields":[{"manager":"kubectl"}]},
            "spec":{"mode":"%s"},"status":{"matchedPods":3}}\
            """
                .formatted(generation, mode),
            JsonObject.class);
  }

  @Test
  void present_valid_becomesADocumentWithoutWhatOnlyTheServerNeeds() {
    PolicyFact fact =
        ((Fact.Policy) book.present(object(1, "observe")).orElseThrow()).facts().orElseThrow();

    assertThat(fact.key()).isEqualTo("Acceleration shop/web");
    assertThat(fact.document().json())
        .contains("creationTimestamp")
        .doesNotContain("managedFields", "status", "uid", "resourceVersion");
    assertThat(book.objects()).singleElement().satisfies(o -> assertThat(o.fault()).isEmpty());
  }

  @Test
  void present_statusWritten_isNoFact() {
    book.present(object(1, "observe"));

    assertThat(book.present(object(1, "observe"))).isEmpty();
  }

  @Test
  void present_badSpec_keepsTheLastGoodAndSaysWhy() {
    book.present(object(1, "observe"));

    assertThat(book.present(object(2, "sideways"))).isEmpty();

    PolicyObject known = book.objects().iterator().next();
    assertThat(known.generation()).isEqualTo(2);
    assertThat(known.fault().orElse("")).contains("spec.mode: sideways");
    assertThat(book.present(object(3, "off"))).isPresent();
  }

  @Test
  void absent_policy_forgotten() {
    book.present(object(1, "observe"));

    Fact.Policy gone = (Fact.Policy) book.absent("Acceleration shop/web");

    assertThat(gone.facts()).isEqualTo(Optional.empty());
    assertThat(book.objects()).isEmpty();
  }

  @Test
  void plural_everyKind_asTheCrdsHaveIt() {
    assertThat(KubernetesFacts.plural("ConnectPolicy")).isEqualTo("connectpolicies");
    assertThat(KubernetesFacts.plural("ClusterTelemetry")).isEqualTo("clustertelemetries");
    assertThat(KubernetesFacts.plural("ClusterTrafficFilter")).isEqualTo("clustertrafficfilters");
  }
}
