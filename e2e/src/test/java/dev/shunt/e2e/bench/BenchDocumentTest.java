package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchDocumentTest {
  private static final List<CellResult> RESULTS =
      List.of(
          Rounds.result("pingpong/1KB/1c", 0.6, 1.5, 1.7),
          Rounds.result("stream/1KB/1c", 1.1, 0.9));
  private static final BenchReport REPORT =
      new BenchReport(Machine.here("1.2.3"), "shunt bench", RESULTS, Goals.judge(RESULTS));

  @Test
  void document_ofAReport_hasTheDocumentedKeys() {
    String json = Json.pretty(BenchDocument.of(REPORT));

    assertThat(json)
        .contains("\"name\": \"pingpong/1KB/1c\"", "\"variant\": \"shunt\"", "\"ratio_rate\": 1.6")
        .contains("\"ratio_p50\"", "\"ratio_p99\"", "\"ratio_cpu\": 0.6", "\"spread\": 0.05")
        .contains("\"rounds\"", "\"goals\"", "\"met\": false", "\"bound\"", "\"kernel\"");
    assertThat(BenchDocument.of(REPORT)).containsKeys("machine", "command", "cells", "goals");
  }

  @Test
  void table_ofAReport_showsEveryCellAndWhatWasMissed() {
    assertThat(BenchTable.of(REPORT))
        .contains("pingpong/1KB/1c", "1.60x", "stream/1KB/1c", "0.90x")
        .contains("STATE", "stream/1KB/1c rate", "missed")
        .doesNotContain("all met");
  }
}
