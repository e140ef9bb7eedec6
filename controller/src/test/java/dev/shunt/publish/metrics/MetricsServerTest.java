package dev.shunt.publish.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.shunt.observe.EndpointStats;
import dev.shunt.observe.InMemoryNode;
import dev.shunt.observe.Mode;
import dev.shunt.observe.NodeStatus.State;
import dev.shunt.observe.Samples;
import dev.shunt.observe.StatsSnapshot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scrapes over real HTTP, with a fixture in place of the kernel. */
class MetricsServerTest {
  private final InMemoryNode node = new InMemoryNode();
  private MetricsServer server;

  @BeforeEach
  void start() throws Exception {
    server = MetricsServer.start(node, onLoopback(0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void scrape_counters_namesLabelsAndValues() throws Exception {
    assertThat(scrape())
        .contains(
            "shunt_connections_paired_total{endpoint=\"web\"} 20.0",
            "shunt_connections_adopted_total{endpoint=\"web\"} 18.0",
            "shunt_connections_joined_total{endpoint=\"web\"} 16.0",
            "shunt_connections_closed_total{endpoint=\"web\"} 4.0",
            "shunt_messages_redirected_total{endpoint=\"web\"} 1000.0",
            "shunt_redirected_bytes_total{endpoint=\"web\"} 1536000.0",
            "shunt_messages_passed_total{endpoint=\"web\"} 30.0",
            "shunt_passed_bytes_total{endpoint=\"web\"} 3000.0",
            "shunt_spills_total{endpoint=\"web\"} 7.0",
            "shunt_connections_not_accelerated_total{endpoint=\"web\",reason=\"too_young\"} 2.0",
            "shunt_messages_not_redirected_total{endpoint=\"web\",reason=\"back_pressure\"} 5.0",
            "shunt_events_lost_total 3.0",
            "shunt_traits_learned_total 2.0",
            "shunt_reconnects_refused_total 1.0",
            "shunt_pairs_expired_total 11.0",
            "shunt_storage_failed_total 12.0",
            "shunt_options_excluded_total 13.0",
            "shunt_stuck_resets_total 14.0",
            "shunt_traits_lost_total 15.0",
            "shunt_connections_paired_now 6.0",
            "shunt_connections_adopted_now 5.0",
            "shunt_map_entries{map=\"pairs\"} 10.0",
            "shunt_map_capacity_entries{map=\"pairs\"} 65536.0");
  }

  @Test
  void scrape_status_modeProgramsSelfTestAndJvm() throws Exception {
    node.setMode(Mode.OBSERVE);

    assertThat(scrape())
        .contains(
            "shunt_node_ready 1.0",
            "shunt_mode{mode=\"observe\"} 1.0",
            "shunt_mode{mode=\"accelerate\"} 0.0",
            "shunt_program_runs_total{program=\"pair\"} 100.0",
            "shunt_program_run_time_seconds_total{program=\"pair\"} 5.0E-5",
            "shunt_program_attached{program=\"fionread_guard\"} 0.0",
            "shunt_selftest_passed 1.0",
            "shunt_selftest_check_passed{check=\"fionread\"} 0.0",
            "shunt_namespaces{state=\"hooked\"} 1.0",
            "shunt_policy_files{state=\"refused\"} 1.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
  }

  @Test
  void scrape_secondTime_valuesReadAnew() throws Exception {
    assertThat(scrape()).contains("shunt_spills_total{endpoint=\"web\"} 7.0");
    node.setStats(Samples.stats(2));
    assertThat(scrape()).contains("shunt_spills_total{endpoint=\"web\"} 14.0");
    assertThat(node.statsReads()).isEqualTo(2);
  }

  @Test
  void scrape_moreEndpointsThanTheBound_restSummedAsOther() throws Exception {
    List<EndpointStats> endpoints = new ArrayList<>();
    int count = NodeCollector.ENDPOINTS_MAX + 3;
    for (int i = 1; i <= count; i++) {
      endpoints.add(new EndpointStats(i, "e" + i, Samples.totals(i)));
    }
    StatsSnapshot one = Samples.stats(1);
    node.setStats(new StatsSnapshot(one.time(), one.totals(), endpoints, one.node(), one.maps()));

    List<String> lines = scrape();

    assertThat(lines).filteredOn(l -> l.startsWith("shunt_spills_total{")).hasSize(101);
    // The three that moved least: 7 spills times 1 + 2 + 3.
    assertThat(lines).contains("shunt_spills_total{endpoint=\"other\"} 42.0");
  }

  @Test
  void start_portTaken_oneSentenceWithAddress() {
    assertThatIOException()
        .isThrownBy(() -> MetricsServer.start(node, onLoopback(server.port())).close())
        .withMessageStartingWith("listen on 127.0.0.1:" + server.port() + " for metrics failed: ");
  }

  @Test
  void probes_readyNode_alive() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void probes_nodeNotReady_unavailableWithTheCauseButAlive() throws Exception {
    node.setReadiness(State.NOT_READY, "self-test has not run");

    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("self-test has not run\n");
  }

  @Test
  void probes_degradedNode_readyWithTheCause() throws Exception {
    node.setReadiness(State.DEGRADED, "one policy file refused");

    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").body()).isEqualTo("one policy file refused\n");
  }

  @Test
  void get_unknownPath_notFound() throws Exception {
    assertThat(get("/admin").statusCode()).isEqualTo(404);
  }

  private List<String> scrape() throws Exception {
    HttpResponse<String> response = get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body().lines().toList();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static InetSocketAddress onLoopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
