package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.shunt.observe.Trait;
import dev.shunt.observe.TraitEffect;
import dev.shunt.observe.WorkloadName;
import dev.shunt.observe.WorkloadTrait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code shunt traits} against a served node. */
class TraitsCommandTest {
  private static final Instant LEARNED = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path directory;
  private CliNode cli;

  @BeforeEach
  void start() throws IOException {
    cli = CliNode.start(directory);
    WorkloadTrait.Use use =
        new WorkloadTrait.Use(LEARNED, LEARNED.plusSeconds(9), Duration.ofMinutes(50), 412);
    cli.node()
        .setTraits(
            List.of(
                new WorkloadTrait(
                    new WorkloadName("/web", "/usr/sbin/haproxy", "default/web"),
                    Trait.SPLICE,
                    TraitEffect.KEPT_ON_TCP,
                    Optional.of(use)),
                new WorkloadTrait(
                    new WorkloadName("", "/usr/bin/ftpd", ""),
                    Trait.EXEMPT,
                    TraitEffect.KEPT_ON_TCP,
                    Optional.empty())));
  }

  @AfterEach
  void stop() throws IOException {
    cli.close();
  }

  @Test
  void traits_json_hasEveryKey() throws IOException {
    JsonArray traits = cli.run("traits -o json").json().getAsJsonArray("traits");

    JsonObject learned = traits.get(0).getAsJsonObject();
    assertThat(learned.keySet())
        .containsExactly(
            "cgroup",
            "executable",
            "policy",
            "trait",
            "effect",
            "learned",
            "last_seen",
            "expires_in",
            "times_seen");
    assertThat(learned.get("trait").getAsString()).isEqualTo("splice");
    assertThat(learned.get("effect").getAsString()).isEqualTo("kept_on_tcp");
    assertThat(learned.get("expires_in").getAsDouble()).isEqualTo(3000.0);
    assertThat(learned.get("times_seen").getAsLong()).isEqualTo(412);
    JsonObject configured = traits.get(1).getAsJsonObject();
    assertThat(configured.get("trait").getAsString()).isEqualTo("exempt");
    assertThat(configured.get("learned").isJsonNull()).isTrue();
  }

  @Test
  void traits_table_namesTheWorkload() {
    assertThat(cli.run("traits").out().lines())
        .anyMatch(line -> line.contains("/web:/usr/sbin/haproxy") && line.contains("412"))
        .anyMatch(line -> line.startsWith("/usr/bin/ftpd") && line.contains("exempt"));
  }

  @Test
  void forget_byCgroup_forgetsLearnedTraitsOnly() {
    CliNode.Result result = cli.run("traits forget /web");

    assertThat(result.code()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).isEqualTo("forgot splice of /web:/usr/sbin/haproxy\n");
    assertThat(cli.node().traits()).extracting(WorkloadTrait::trait).containsExactly(Trait.EXEMPT);
  }

  @Test
  void forget_all_mayFindNothing() {
    assertThat(cli.run("traits forget --all").code()).isEqualTo(ExitCode.OK);
    assertThat(cli.run("traits forget --all").out()).isEqualTo("none is learned\n");
  }

  @Test
  void forget_unknownWorkload_negative() {
    CliNode.Result result = cli.run("traits forget /usr/bin/ftpd");

    assertThat(result.code()).isEqualTo(ExitCode.NEGATIVE);
    assertThat(result.err()).contains("forget traits of /usr/bin/ftpd failed: none is learned");
  }

  @Test
  void forget_neitherNorBoth_usage() {
    assertThat(cli.run("traits forget").code()).isEqualTo(ExitCode.USAGE);
    assertThat(cli.run("traits forget /web --all").code()).isEqualTo(ExitCode.USAGE);
  }
}
