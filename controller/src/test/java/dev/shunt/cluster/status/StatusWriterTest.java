package dev.shunt.cluster.status;

import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.shunt.cluster.PlaneBed;
import dev.shunt.cluster.watch.FakeApi;
import dev.shunt.cluster.watch.PolicyBook;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to the API server, and when. The API server is imitated. */
class StatusWriterTest {
  @TempDir private Path directory;
  private final AtomicBoolean leads = new AtomicBoolean();
  private final Gson gson = new Gson();
  private FakeApi api;
  private PlaneBed bed;
  private PolicyBook book;
  private StatusWriter writer;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi();
    bed = new PlaneBed(directory);
    book = new PolicyBook(bed.meter());
    bed.core().sink().accept(node("n1", Map.of()));
    bed.core().sink().accept(pod("1", "shop", "n1", "web"));
    tell(policy("web", "{}"));
    bed.core().sink().synced();
    writer =
        StatusWriter.start(
            new ApiClient().setBasePath(api.url()),
            new StatusWriter.Sources(
                book, bed.core().loop(), bed.core().directory(), bed.core().stats()),
            "replica-1",
            leads::get,
            bed.meter());
  }

  @AfterEach
  void stop() {
    writer.close();
    bed.close();
    api.close();
  }

  private void tell(JsonObject object) {
    book.present(object).ifPresent(bed.core().sink()::accept);
  }

  private JsonObject policy(String app, String status) {
    return gson.fromJson(
        """
        {"apiVersion":"shunt.dev/v1alpha1","kind":"Acceleration",
        "metadata":{"name":"web","namespace":"shop","uid":"u1","generation":3},
        "spec":{"podSelector":{"matchLabels":{"app":"%s"}}},"status":%s}\
        """
            .formatted(app, status),
        JsonObject.class);
  }

  private JsonObject patched(int request) {
    String text = api.requests().get(request);
    return gson.fromJson(text.substring(text.indexOf('{')), JsonObject.class)
        .getAsJsonObject("status");
  }

  @Test
  void status_onlyTheLeaderWrites_andOnlyWhatChanged() {
    api.answer(200, "{}");
    leads.set(true);
    until("patched", () -> api.requests().size() == 1);

    assertThat(api.requests().get(0))
        .startsWith("PATCH /apis/shunt.dev/v1alpha1/namespaces/shop/accelerations/web/status ");
    JsonObject status = patched(0);
    assertThat(status.get("observedGeneration").getAsInt()).isEqualTo(3);
    assertThat(status.get("matchedPods").getAsInt()).isEqualTo(1);
    assertThat(status.getAsJsonObject("nodes").get("targeted").getAsInt()).isEqualTo(1);

    tell(policy("web", status.toString())); // as the watch brings it back
    api.answer(200, "{}");
    leads.set(false);
    bed.core().sink().accept(pod("2", "shop", "n1", "web"));
    assertThat(bed.core().loop().ask(facts -> facts.podCount()).join()).isEqualTo(2);
    assertThat(api.requests()).hasSize(1);
    leads.set(true);

    until("patched again", () -> api.requests().size() == 2);
    assertThat(patched(1).get("matchedPods").getAsInt()).isEqualTo(2);
  }

  @Test
  void condition_turnsBad_becomesAnEventOnce() {
    api.answer(200, "{}");
    leads.set(true);
    until("patched", () -> api.requests().size() == 1);
    leads.set(false);
    JsonObject object = policy("nobody", patched(0).toString());
    object.getAsJsonObject("metadata").addProperty("generation", 4);
    tell(object);
    api.answer(200, "{}");
    api.answer(201, "{}");
    leads.set(true);

    until("event", () -> api.requests().size() >= 3);

    assertThat(api.requests().get(2))
        .startsWith("POST /apis/events.k8s.io/v1/namespaces/shop/events ")
        .contains("\"reason\":\"NoMatchingPods\"", "\"note\":\"its selectors match no pod\"")
        .contains("\"uid\":\"u1\"");
  }
}
