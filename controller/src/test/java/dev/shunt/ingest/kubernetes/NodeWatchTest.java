package dev.shunt.ingest.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.ingest.kubernetes.NodeWatch.LabelSource;
import dev.shunt.publish.grpc.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The informers against HTTP; what the real API server does is for the cluster tests. */
class NodeWatchTest {
  @TempDir private Path home;

  private SmallApiServer server;
  private Path kubeconfig;
  private ClusterFacts known = ClusterFacts.UNKNOWN;

  @BeforeEach
  void serve() throws Exception {
    server = SmallApiServer.start();
    kubeconfig = server.kubeconfig(home.resolve("kubeconfig"));
    server.namespace("shop", Map.of("team", "a"));
    server.node("node-1", Map.of("disk", "ssd"));
    server.pod(new PodObject("1", "shop", "web").labels(Map.of("app", "web")));
  }

  @AfterEach
  void end() {
    server.close();
  }

  private NodeWatch watch(LabelSource labels) throws Exception {
    return NodeWatch.start(ClusterAccess.open(Optional.of(kubeconfig)), "node-1", labels);
  }

  private void await(NodeWatch watch, Predicate<ClusterFacts> condition) throws Exception {
    Await.until(
        "news",
        () -> {
          watch.poll().ifPresent(facts -> known = facts);
          return condition.test(known);
        });
  }

  private Map<String, String> labelsOfWeb() {
    return known.pods().isEmpty() ? Map.of() : known.pods().get(0).labels();
  }

  @Test
  void poll_events_areFollowed() throws Exception {
    try (NodeWatch watch = watch(LabelSource.WATCHED)) {
      await(watch, facts -> facts.pods().size() == 1);
      assertThat(known.pods().get(0).labels()).isEqualTo(Map.of("app", "web"));
      assertThat(known.labels().ofNamespace("shop")).contains(Map.of("team", "a"));
      assertThat(known.labels().ofNode("node-1")).contains(Map.of("disk", "ssd"));

      server.pod(new PodObject("1", "shop", "web").labels(Map.of("app", "api")));
      await(watch, facts -> labelsOfWeb().equals(Map.of("app", "api")));
      server.namespace("shop", Map.of("team", "b"));
      await(watch, facts -> facts.labels().ofNamespace("shop").orElseThrow().containsValue("b"));
      server.pod(new PodObject("2", "shop", "db"));
      await(watch, facts -> facts.pods().size() == 2);
      server.removePod("shop", "db");
      server.removePod("shop", "web");
      server.pod(new PodObject("3", "shop", "web"));
      await(watch, facts -> facts.pods().stream().map(PodFacts::uid).toList().equals(List.of("3")));
      assertThat(watch.trouble()).isEmpty();
    }
  }

  @Test
  void poll_podOfAnotherNode_isNotSeen() throws Exception {
    try (NodeWatch watch =
        NodeWatch.start(
            ClusterAccess.open(Optional.of(kubeconfig)), "node-2", LabelSource.WATCHED)) {
      await(watch, facts -> !facts.labels().ofNamespaces().isEmpty());

      assertThat(known.pods()).isEmpty();
    }
  }

  @Test
  void poll_labelsToldByOthers_arePodsOnly() throws Exception {
    try (NodeWatch watch = watch(LabelSource.TOLD)) {
      await(watch, facts -> facts.pods().size() == 1);

      assertThat(known.labels().ofNamespaces()).isEmpty();
    }
  }

  @Test
  void watch_serverAway_keepsWhatIsKnownAndComesBack() throws Exception {
    try (NodeWatch watch = watch(LabelSource.WATCHED)) {
      await(watch, facts -> facts.pods().size() == 1);
      server.refuse(503);
      Await.until("trouble", () -> !watch.trouble().isEmpty());
      assertThat(watch.trouble()).contains("the API server answers 503").contains("not now");
      server.pod(new PodObject("2", "shop", "db"));
      watch.poll().ifPresent(facts -> known = facts);
      assertThat(known.pods()).extracting(PodFacts::name).containsExactly("web");

      server.refuse(0);
      await(watch, facts -> facts.pods().size() == 2);
      Await.until("the end of trouble", () -> watch.trouble().isEmpty());
    }
  }

  @Test
  void watch_forbidden_saysSo() throws Exception {
    server.refuse(403);
    try (NodeWatch watch = watch(LabelSource.TOLD)) {
      Await.until("trouble", () -> !watch.trouble().isEmpty());

      assertThat(watch.trouble())
          .startsWith("list pods of node node-1 failed: the API server answers 403: ");
      assertThat(watch.poll()).isEmpty();
    }
  }
}
