package dev.shunt.cluster.watch;

import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.observe.PlaneMeter;
import io.kubernetes.client.openapi.ApiClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watch makes of answers. The API server is imitated, byte for byte as it answers. */
class ResourceWatchTest {
  private final List<Fact> facts = new CopyOnWriteArrayList<>();
  private final AtomicInteger listed = new AtomicInteger();
  private FakeApi api;
  private ResourceWatch watch;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi();
    FactSink sink =
        new FactSink() {
          @Override
          public void accept(Fact fact) {
            facts.add(fact);
          }

          @Override
          public void synced() {}
        };
    ApiPages pages = new ApiPages(new ApiClient().setBasePath(api.url()));
    watch =
        new ResourceWatch(
            new ResourceWatch.Api(pages, pages),
            new ResourceWatch.Resource(
                "namespaces",
                "/api/v1/namespaces",
                new LabelReader(Fact.Namespace::new),
                new JsonObject()),
            sink,
            listed::incrementAndGet,
            new PlaneMeter(new PrometheusRegistry()));
  }

  @AfterEach
  void stop() {
    watch.close();
    api.close();
  }

  private static String item(String name, String version) {
    return "{\"metadata\":{\"name\":\"%s\",\"resourceVersion\":\"%s\",\"labels\":{\"v\":\"%s\"}}}"
        .formatted(name, version, version);
  }

  private static String list(String metadata, String... items) {
    return "{\"metadata\":{%s},\"items\":[%s]}".formatted(metadata, String.join(",", items));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}".formatted(type, object);
  }

  private List<String> keys() {
    return facts.stream().map(Fact::key).toList();
  }

  @Test
  void list_inPages_tellsAllOnce() {
    api.answer(200, list("\"resourceVersion\":\"7\",\"continue\":\"next\"", item("a", "1")));
    api.answer(200, list("\"resourceVersion\":\"7\"", item("b", "2")));
    watch.start();

    until("listed", () -> listed.get() == 1);

    assertThat(keys()).containsExactly("namespace a", "namespace b");
    until("watching", () -> api.requests().size() == 3);
    assertThat(api.requests().get(0)).contains("limit=500").doesNotContain("continue");
    assertThat(api.requests().get(1)).contains("continue=next");
    assertThat(api.requests().get(2)).contains("watch=true").contains("resourceVersion=7");
  }

  @Test
  void watch_events_toldAndResumedFromTheLastVersion() {
    api.answer(200, list("\"resourceVersion\":\"7\"", item("a", "1")));
    api.answer(
        200,
        event("MODIFIED", item("a", "8")),
        event("DELETED", item("a", "9")),
        event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"12\"}}"));
    watch.start();

    until("watching again", () -> api.requests().size() == 3);

    assertThat(facts).hasSize(3);
    assertThat(((Fact.Namespace) facts.get(2)).labels()).isEmpty();
    assertThat(api.requests().get(2)).contains("resourceVersion=12");
  }

  @Test
  void watch_versionTooOld_listsAnewAndTellsWhatIsGone() {
    api.answer(200, list("\"resourceVersion\":\"7\"", item("a", "1"), item("b", "1")));
    api.answer(200, event("ERROR", "{\"kind\":\"Status\",\"code\":410}"));
    api.answer(200, list("\"resourceVersion\":\"20\"", item("b", "1")));
    watch.start();

    until("watching again", () -> api.requests().size() == 4);

    assertThat(keys()).endsWith("namespace b", "namespace a");
    assertThat(((Fact.Namespace) facts.get(facts.size() - 1)).labels()).isEmpty();
    assertThat(listed.get()).isEqualTo(1);
  }

  @Test
  void list_refused_triedAgain() {
    api.answer(403, "{}");
    api.answer(200, list("\"resourceVersion\":\"7\"", item("a", "1")));
    watch.start();

    until("listed", () -> listed.get() == 1);

    assertThat(keys()).containsExactly("namespace a");
  }
}
