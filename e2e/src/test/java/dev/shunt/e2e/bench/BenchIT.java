package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.Json;
import dev.shunt.e2e.bench.report.HtmlReport;
import dev.shunt.e2e.bench.socket.SocketStage;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two cells on real sockets with a real node, and their page in a real browser. */
class BenchIT {
  private static final Duration BROWSER_LIMIT = Duration.ofMinutes(1);

  @Test
  void run_twoCells_everyVariantMeasuredAndThePageDrawn(@TempDir Path folder) throws Exception {
    List<CellResult> results = run(List.of("pingpong/1KB/16c", "stream/64KB/1c/2cpu"));

    assertThat(results)
        .extracting(result -> result.cell() + " " + result.variant())
        .containsExactly(
            "pingpong/1KB/16c shunt",
            "pingpong/1KB/16c unix",
            "stream/64KB/1c/2cpu shunt",
            "stream/64KB/1c/2cpu unix");
    assertThat(results).allSatisfy(r -> assertThat(r.rounds()).hasSize(21));
    assertThat(results.get(0).p50()).isPresent();
    assertThat(results.get(2).p50()).isEmpty();
    assertDrawn(results, folder);
  }

  private static List<CellResult> run(List<String> names) {
    try (SocketStage stage = new SocketStage(List.of())) {
      List<BenchCell> cells =
          SocketCells.full(stage).stream().filter(cell -> names.contains(cell.name())).toList();
      BenchProgress silent = new BenchProgress(new PrintWriter(Writer.nullWriter()), false);
      Set<Variant> wanted = new java.util.LinkedHashSet<>();
      wanted.addAll(List.of(Variant.PLAIN, Variant.SHUNT, Variant.UNIX));
      return new BenchRunner(new BenchPlan(cells, Duration.ZERO), wanted, silent).run();
    }
  }

  private static void assertDrawn(List<CellResult> results, Path folder) throws Exception {
    Map<String, Object> document =
        BenchDocument.of(
            new BenchReport(Machine.here("test"), "shunt bench", results, Goals.judge(results)));
    assertThat(Json.line(document)).contains("cdf_us");
    Path page = folder.resolve("report.html");
    HtmlReport.write(document, page);
    SceneProcess browser =
        SceneProcess.startWithErrors(
            "chromium",
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox", // Chromium refuses to run as root with one
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--dump-dom",
                page.toUri().toString()),
            folder.resolve("dom.html"),
            folder.resolve("errors"));
    assertThat(browser.awaitExit(BROWSER_LIMIT)).isZero();
    // rates, CPU, heat map, and one distribution for the cell that has latencies
    assertThat(browser.log()).contains("data-drawn=\"4\"").contains("<polyline", "<rect");
    assertThat(java.nio.file.Files.readString(folder.resolve("errors")))
        .doesNotContain("CONSOLE", "Uncaught");
  }
}
