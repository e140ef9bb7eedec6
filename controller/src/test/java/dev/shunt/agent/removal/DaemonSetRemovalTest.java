package dev.shunt.agent.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.shunt.agent.removal.DaemonSetRemoval.Result;
import dev.shunt.agent.removal.DaemonSetRemoval.Target;
import dev.shunt.cli.CannotRunException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests and what is made of the answers; {@code verify cluster} has a real API server. */
class DaemonSetRemovalTest {
  private static final Target TARGET = new Target("shunt-system", "shunt-node");
  private static final String PATH = "/apis/apps/v1/namespaces/shunt-system/daemonsets/shunt-node";

  @TempDir private Path account;
  private FakeApiServer server;
  private final List<String> progress = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server = new FakeApiServer();
    Files.writeString(account.resolve("token"), "secret-token\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void run_podsFollow_patchesThenWaitsUntilAllAreReady() {
    server.answer(200, daemonSet(2, 1, 0, 3));
    server.answer(200, daemonSet(2, 2, 1, 0));
    server.answer(200, daemonSet(2, 2, 3, 2));
    server.answer(200, daemonSet(2, 2, 3, 3));

    assertThat(run(Duration.ofMinutes(1))).isEqualTo(new Result(3, 3, Map.of()));

    FakeApiServer.Call patch = server.calls().get(0);
    assertThat(patch.method()).isEqualTo("PATCH");
    assertThat(patch.path()).isEqualTo(PATH);
    assertThat(patch.contentType()).isEqualTo("application/strategic-merge-patch+json");
    assertThat(patch.token()).isEqualTo("Bearer secret-token");
    assertThat(patch.body().replaceAll("\\s", ""))
        .contains("\"containers\":[{")
        .contains("\"name\":\"node\"")
        .contains("\"args\":[\"uninstall\",\"--yes\"]")
        .contains("\"maxUnavailable\":\"100%\"")
        .contains("\"maxSurge\":\"0%\"");
    assertThat(progress).containsExactly("removed on 0 of 3 nodes", "removed on 2 of 3 nodes");
  }

  @Test
  void run_oneNodeNeverReady_namesItAndItsPhase() {
    server.answer(200, daemonSet(2, 2, 2, 1));
    server.answer(200, daemonSet(2, 2, 2, 1));
    server.answer(
        200,
        """
        {"items": [
          {"spec": {"nodeName": "node-a"}, "status": {"phase": "Running",
            "conditions": [{"type": "Ready", "status": "True"}]}},
          {"spec": {"nodeName": "node-b"}, "status": {"phase": "Pending",
            "conditions": [{"type": "Ready", "status": "False"}]}}]}
        """);

    Result result = run(Duration.ZERO);

    assertThat(result.complete()).isFalse();
    assertThat(result.missing()).containsExactly(Map.entry("node-b", "Pending"));
    assertThat(server.calls().get(2).path())
        .isEqualTo("/api/v1/namespaces/shunt-system/pods?labelSelector=app%3Dshunt");
  }

  @Test
  void run_noController_isNotDoneAlthoughTheOldPodsAreReady() {
    server.answer(200, daemonSet(2, 1, 3, 3));
    server.answer(200, daemonSet(2, 1, 3, 3));
    server.answer(200, "{\"items\": []}");

    Result result = run(Duration.ZERO);

    assertThat(result.complete()).isFalse();
    assertThat(result.done()).isZero();
  }

  @Test
  void run_daemonSetIsGone_nothingToDo() {
    server.answer(404, "{\"message\": \"daemonsets.apps \\\"shunt-node\\\" not found\"}");

    assertThat(run(Duration.ofMinutes(1)).complete()).isTrue();
  }

  @Test
  void run_forbidden_saysWhoRefusedAndThatNothingHappened() {
    server.answer(403, "{\"message\": \"daemonsets.apps is forbidden\"}");

    assertThatExceptionOfType(CannotRunException.class)
        .isThrownBy(() -> run(Duration.ofMinutes(1)))
        .withMessage(
            "change daemonset shunt-system/shunt-node failed: daemonsets.apps is forbidden (HTTP"
                + " 403); nothing was removed");
  }

  @Test
  void run_answerIsNoJson_theCodeIsTold() {
    server.answer(502, "<html>bad gateway</html>");

    assertThatExceptionOfType(CannotRunException.class)
        .isThrownBy(() -> run(Duration.ofMinutes(1)))
        .withMessageContaining("no message (HTTP 502)");
  }

  @Test
  void ofPod_outsideACluster_saysSo() {
    assertThatExceptionOfType(CannotRunException.class)
        .isThrownBy(() -> ApiServer.ofPod(Map.of(), account))
        .withMessageContaining("KUBERNETES_SERVICE_HOST is not set");
  }

  private Result run(Duration patience) {
    return new DaemonSetRemoval(
            server.client(account.resolve("token")), TARGET, Duration.ofMillis(1))
        .run(List.of("uninstall", "--yes"), patience, progress::add);
  }

  private static String daemonSet(int generation, int observed, int updated, int ready) {
    return """
        {"metadata": {"generation": %d},
         "spec": {"selector": {"matchLabels": {"app": "shunt"}}},
         "status": {"observedGeneration": %d, "desiredNumberScheduled": 3,
                    "updatedNumberScheduled": %d, "numberReady": %d}}
        """
        .formatted(generation, observed, updated, ready);
  }
}
