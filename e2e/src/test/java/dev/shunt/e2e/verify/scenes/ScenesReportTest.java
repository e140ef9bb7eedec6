package dev.shunt.e2e.verify.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.cli.Json;
import dev.shunt.e2e.scene.SceneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How scenes are judged, and what of it is shown. */
class ScenesReportTest {
  private static final SceneShape ISTIO = SceneShape.all().get(0);
  private static final SceneShape KUMA =
      SceneShape.all().stream().filter(s -> s.mesh() == Mesh.KUMA).findFirst().orElseThrow();

  private static HopRow hop(int number, long redirected, long byTcp) {
    Topology.Hop hop = Topology.PODS.hops().get(number);
    return new HopRow(hop, 16, redirected, byTcp, Map.of("too_young", 2L));
  }

  private static SceneRow equal(SceneShape shape, HopRow... hops) {
    return new SceneRow(
        shape, SceneRow.Verdict.EQUAL, "", List.of(), 70, List.of(hops), Optional.empty());
  }

  @Test
  void failure_hopOnTcp_namesItWithItsReasons() {
    assertThat(equal(KUMA, hop(0, 900, 100), hop(1, 100, 900)).failure())
        .contains("sidecar out -> sidecar in is not accelerated", "0.10", "too_young");
  }

  @Test
  void failure_istioBelowItsGoal_saysSoAndOthersPass() {
    HopRow most = hop(0, 850, 150);

    assertThat(equal(ISTIO, most).failure()).isEqualTo("share 0.85 (expected: 0.90 or more)");
    assertThat(equal(KUMA, most).failure()).isEmpty();
    assertThat(equal(ISTIO, hop(0, 950, 50)).failure()).isEmpty();
  }

  @Test
  void passed_cannotRun_isNoFailureButIsShown() {
    SceneRow impossible = SceneRow.impossible(KUMA, "capture traffic as Kuma failed: no owner");
    ScenesReport report = new ScenesReport(List.of(equal(ISTIO, hop(0, 950, 50)), impossible));

    assertThat(report.passed()).isTrue();
    assertThat(report.text()).contains("cannot run", "no owner", "1 equal, 1 cannot run");
    assertThat(report.isImpossible()).isFalse();
    assertThat(new ScenesReport(List.of(impossible)).isImpossible()).isTrue();
    assertThat(new ScenesReport(List.of()).passed()).isFalse();
  }

  @Test
  void document_ofScenes_hasTheDocumentedKeys() {
    ScenesReport report =
        new ScenesReport(List.of(equal(ISTIO, hop(0, 950, 50)), SceneRow.failed(KUMA, "reset")));

    assertThat(Json.pretty(report.document()))
        .contains("\"scenes\"", "\"verdict\": \"equal\"", "\"share\": 0.95", "\"hops\"")
        .contains("\"bytes_redirected\": 950", "\"bytes_by_tcp\": 50", "\"reason\": \"reset\"")
        .contains("\"summary\"", "\"different\": 1", "\"cannot_run\": 0", "\"passed\": false");
  }

  @Test
  void updated_pageWithASection_replacesItAndKeepsTheRest(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("scenes.md");
    Files.writeString(
        page,
        "before\n"
            + ScenesPage.SECTION.begin()
            + "\nold\n"
            + ScenesPage.SECTION.end()
            + "\nafter\n");

    String text =
        ScenesPage.updated(page, new ScenesReport(List.of(equal(ISTIO, hop(0, 950, 50)))));

    assertThat(text).startsWith("before\n").endsWith("after\n").doesNotContain("old");
    assertThat(text).contains("| `istio_http1` | Istio, HTTP/1.1, IPv4 | equal | 95.0% |");
  }

  @Test
  void between_observations_allowsFewerResetsOnly() {
    assertThat(
            Differences.between(Map.of("a", "1", "resets", "3"), Map.of("a", "1", "resets", "2")))
        .isEmpty();
    assertThat(Differences.between(Map.of("resets", "0"), Map.of("resets", "1"))).hasSize(1);
    assertThat(Differences.between(Map.of("a", "1"), Map.of("b", "1"))).hasSize(2);
  }

  @Test
  void parse_connections_readsEndsWithUnsignedCookies() {
    String row =
        """
        {"connections": [{"cookie": 18446744073709551615, "peer_cookie": 7, "side": "active",
          "cgroup": "/x/bed/client", "reason": "none", "bytes_redirected": 12, "age": null}]}
        """;

    ConnectionEnd end = ConnectionEnd.parse(row).get(0);

    assertThat(end.cookie()).isEqualTo("18446744073709551615");
    assertThat(end.isOf(Role.CLIENT) && end.isActive()).isTrue();
    assertThatThrownBy(() -> ConnectionEnd.parse("{}")).isInstanceOf(SceneException.class);
  }

  @Test
  void parse_redisCsv_readsRateAndLatencies() {
    String csv =
        """
        "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
        "GET","20000.00","0.5","0.1","0.431","0.7","1.119","2.0"
        """;

    SceneLoad.Result result = RedisResult.parse(csv, 1000);

    assertThat(result.requestsPerSecond()).isEqualTo(20000);
    assertThat(result.p50Micros()).isEqualTo(431);
    assertThat(result.p99Micros()).isEqualTo(1119);
    assertThatThrownBy(() -> RedisResult.parse("Could not connect", 1))
        .isInstanceOf(SceneException.class);
  }

  @Test
  void counters_ofANamespace_areTakenFromTheirColumns() {
    String dev =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
            lo:    1000      10    0    0    0     0          0         0     1000      10 0 0 0 0 0 0
          eth0:    2000      10    0    0    0     0          0         0      300      10 0 0 0 0 0 0
        """;
    String snmp = "Tcp: RtoMin EstabResets InSegs OutRsts\nTcp: 200 2 100 3\n";

    assertThat(NetCounters.loopbackBytes(dev)).isEqualTo(1000);
    assertThat(NetCounters.deviceBytes(dev)).isEqualTo(2300);
    assertThat(NetCounters.resets(snmp)).isEqualTo(5);
  }
}
