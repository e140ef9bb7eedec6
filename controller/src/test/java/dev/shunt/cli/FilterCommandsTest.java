package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.shunt.observe.DenialView;
import dev.shunt.observe.FilterStatus;
import dev.shunt.observe.PacketAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterCommandsTest {
  private static final FilterStatus.Rule RULE =
      new FilterStatus.Rule(
          "no-metadata",
          FilterStatus.Action.DENY,
          FilterStatus.Mode.ENFORCE,
          "any to 169.254.169.254/32",
          new FilterStatus.Count(12, 11, 0),
          List.of(new FilterStatus.Finding("pending", "cgroup /x does not exist yet")));

  @TempDir private Path directory;
  private CliNode node;

  @BeforeEach
  void start() throws IOException {
    node = CliNode.start(directory);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private static FilterStatus status(String error) {
    return new FilterStatus(
        List.of(
            new FilterStatus.Filter(
                "ConnectPolicy",
                "default/web",
                "executable=/usr/bin/curl",
                new FilterStatus.Order(5, true),
                List.of(RULE))),
        List.of(new FilterStatus.Point("connect", "cgroup/connect4+6", 3, 1, error)),
        new FilterStatus.Totals(20, 11, 1, 8, 0, 0, 0),
        FilterStatus.PacketTotals.NONE);
  }

  @Test
  void filters_none_saysSo() {
    CliNode.Result result = node.run("filters");

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).isEqualTo("no filter is in force\n");
  }

  @Test
  void filters_list_showsFiltersPlacesAndFindings() {
    node.node().memoryFilters().setStatus(status("no space (ENOSPC/28); keeping rule set 3"));

    assertThat(node.run("filters").out())
        .isEqualTo(
            """
            FILTER                     WHERE                     PRIORITY  RULES  HITS  DENIED
            ConnectPolicy default/web  executable=/usr/bin/curl         5      1    12      11
            at connect: cgroup/connect4+6, rule set 3 with 1 rules
            at connect: no space (ENOSPC/28); keeping rule set 3
            default/web/no-metadata: cgroup /x does not exist yet (pending)
            """);
  }

  @Test
  void filters_hits_showsRules() {
    node.node().memoryFilters().setStatus(status(""));

    assertThat(node.run("filters --hits").out())
        .startsWith("RULE                     ACTION  MODE     HITS  DENIED  MATCH\n")
        .contains(
            "default/web/no-metadata  deny    enforce    12      11  any to 169.254.169.254/32")
        .contains("20 attempts: 11 denied, 1 only monitored, 8 matched by no rule");
  }

  @Test
  void filters_json_isTheMessage() throws IOException {
    node.node().memoryFilters().setStatus(status(""));

    JsonObject document = node.run("filters -o json").json();

    JsonObject rule =
        document
            .getAsJsonArray("filters")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("rules")
            .get(0)
            .getAsJsonObject();
    assertThat(rule.get("action").getAsString()).isEqualTo("deny");
    assertThat(rule.get("hits").getAsLong()).isEqualTo(12);
    assertThat(document.getAsJsonObject("totals").get("unmatched").getAsLong()).isEqualTo(8);
  }

  @Test
  void filtersTest_answer_saysWhichRuleAndWhy() {
    node.node()
        .memoryFilters()
        .setAnswer(
            new PacketAnswer(
                FilterStatus.Action.DENY,
                "default/web/b",
                "default/web/m",
                List.of("x/y: port 1"),
                Optional.of(FilterStatus.Action.DENY)));

    CliNode.Result result = node.run("filters test --at=connect --packet=tcp/10.0.0.1:80");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("packet: 'tcp/10.0.0.1:80' (expected: PROTOCOL");

    CliNode.Result spaced =
        node.runWords(List.of("filters", "test", "--packet", "tcp 10.0.0.2:1 -> [fd00::1]:80"));
    assertThat(spaced.out())
        .isEqualTo(
            "not x/y: port 1\ndeny: by rule default/web/b; monitoring rule default/web/m matches"
                + " first\nthe program: deny\n");
  }

  @Test
  void filtersTest_otherPlace_isRefused() {
    CliNode.Result result =
        node.runWords(List.of("filters", "test", "--at", "eth0", "--packet", "tcp 10.0.0.2:1"));

    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("at: eth0 (expected: connect)");
  }

  @Test
  void filters_wrongWords_areUsage() {
    assertThat(node.run("filters test").code()).isEqualTo(ExitCode.USAGE);
    assertThat(node.run("filters --packet=x").code()).isEqualTo(ExitCode.USAGE);
    assertThat(node.run("denials --duration=0").code()).isEqualTo(ExitCode.USAGE);
    assertThat(node.run("denials --limit=-1").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void denials_duration_endsWithoutAnError() {
    CliNode.Result result = node.run("denials --duration=1");

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void denials_watch_showsWhoAndWhere() throws Exception {
    CompletableFuture<CliNode.Result> running =
        CompletableFuture.supplyAsync(() -> node.run("denials --watch --limit=1"));
    while (node.node().memoryFilters().listenerCount() == 0) {
      Thread.onSpinWait();
    }
    node.node()
        .memoryFilters()
        .deny(
            new DenialView(
                Instant.EPOCH,
                "default/web/no-metadata",
                FilterStatus.Mode.ENFORCE,
                new DenialView.Attempt(
                    "connect",
                    "tcp",
                    Optional.empty(),
                    new InetSocketAddress(InetAddress.getByName("fd00::1"), 80),
                    "fast_open"),
                new DenialView.Caller(42, "curl", "/usr/bin/curl", "/web", "host"),
                0));

    assertThat(running.get().out())
        .endsWith(
            "denied     default/web/no-metadata  tcp fast open -> [fd00::1]:80  by /usr/bin/curl"
                + " (pid 42, cgroup /web, netns host)\n");
  }
}
