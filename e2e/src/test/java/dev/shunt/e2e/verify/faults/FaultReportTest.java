package dev.shunt.e2e.verify.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultReportTest {
  private static final Fault FAULT =
      new Fault("node_killed", "kill -9", stage -> new Fault.Outcome("", 0));
  private static final FaultRow PASS =
      new FaultRow(
          FAULT,
          "",
          new Fault.Outcome("node | ready", 120),
          new FaultRow.Load(3_000_000_000L, 0, 0, 12));
  private static final FaultRow FAIL =
      new FaultRow(FAULT, "2 mismatches", new Fault.Outcome("", 0), FaultRow.Load.NONE);

  @Test
  void passed_nothingRunOrTooFewBytesOrAFailure_isNoPass() {
    assertThat(new FaultReport(List.of(PASS), 3_000_000_000L).passed()).isTrue();
    assertThat(new FaultReport(List.of(PASS), 3_000_000_001L).passed()).isFalse();
    assertThat(new FaultReport(List.of(PASS, FAIL), 0).passed()).isFalse();
    assertThat(new FaultReport(List.of(), 0).passed()).isFalse();
  }

  @Test
  void document_ofFaults_hasTheDocumentedKeys() {
    assertThat(Json.pretty(new FaultReport(List.of(PASS, FAIL), 0).document()))
        .contains("\"faults\"", "\"verdict\": \"pass\"", "\"verdict\": \"fail\"")
        .contains("\"recovery_ms\": 120", "\"longest_gap_ms\": 12", "\"failure\": \"2 mismatches\"")
        .contains("\"summary\"", "\"mismatches\": 0", "\"errors\": 0", "\"bytes\": 3000000000");
  }

  @Test
  void updated_pageWithASection_replacesItAndKeepsTheRest(@TempDir Path folder) throws Exception {
    Path page = folder.resolve("faults.md");
    Files.writeString(
        page,
        "before\n"
            + FaultsPage.SECTION.begin()
            + "\nold\n"
            + FaultsPage.SECTION.end()
            + "\nafter\n");

    String text = FaultsPage.updated(page, new FaultReport(List.of(PASS), 0));

    assertThat(text).startsWith("before\n").endsWith("after\n").doesNotContain("old");
    assertThat(text).contains("| `node_killed` | kill -9 | 120 ms | 12 ms | `node \\| ready` |");
  }
}
