package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.bench.socket.Comparison;
import dev.shunt.e2e.bench.socket.SocketStage;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's programs, two object files that share a map, in the rounds of a cell. */
class ComparisonIT {
  private static final Duration COMPILER_LIMIT = Duration.ofMinutes(1);
  private static final String CELL = "pingpong/64KB/1c/1cpu";

  @TempDir private Path folder;

  @Test
  void run_naiveAccelerator_isMeasuredInTheSameRoundsAndGains() throws Exception {
    Path sockops = compile("sockops");
    Path redirect = compile("redirect");

    List<CellResult> results = run(Comparison.parse("naive=" + sockops + "," + redirect));

    assertThat(results)
        .extracting(result -> result.variant().name())
        .containsExactly("shunt", "naive");
    // no other way than a redirect makes a turn of 64 KB that much cheaper than TCP
    assertThat(results.get(1).cpu().orElseThrow().median()).isLessThan(0.9);
  }

  @Test
  void run_objectWithoutVerdict_saysWhatIsMissing() throws Exception {
    Path sockops = compile("sockops");

    assertThatThrownBy(() -> run(Comparison.parse("naive=" + sockops + "," + sockops)))
        .isInstanceOf(SceneUnavailableException.class)
        .hasMessageContaining("find a sk_msg program in " + sockops);
  }

  private static List<CellResult> run(Comparison comparison) {
    try (SocketStage stage = new SocketStage(List.of(comparison))) {
      List<BenchCell> cells =
          SocketCells.full(stage).stream().filter(cell -> cell.name().equals(CELL)).toList();
      Set<Variant> wanted =
          new LinkedHashSet<>(List.of(Variant.PLAIN, Variant.SHUNT, comparison.variant()));
      BenchProgress silent = new BenchProgress(new PrintWriter(Writer.nullWriter()), false);
      return new BenchRunner(new BenchPlan(cells, Duration.ZERO), wanted, silent).run();
    }
  }

  private Path compile(String name) throws Exception {
    for (String file : List.of("naive.h", name + ".bpf.c")) {
      try (var source = ComparisonIT.class.getResourceAsStream("naive/" + file)) {
        Files.write(folder.resolve(file), java.util.Objects.requireNonNull(source).readAllBytes());
      }
    }
    Path object = folder.resolve(name + ".o");
    List<String> argv =
        List.of(
            "clang",
            "-O2",
            "-g",
            "-target",
            "bpf",
            // asm/types.h lies in the architecture's own folder on Debian
            "-idirafter",
            "/usr/include/"
                + System.getProperty("os.arch").replace("amd64", "x86_64")
                + "-linux-gnu",
            "-c",
            folder.resolve(name + ".bpf.c").toString(),
            "-o",
            object.toString());
    SceneProcess clang = SceneProcess.start("clang", argv, folder.resolve("clang.log"));
    assertThat(clang.awaitExit(COMPILER_LIMIT)).as(clang.logTail()).isZero();
    return object;
  }
}
