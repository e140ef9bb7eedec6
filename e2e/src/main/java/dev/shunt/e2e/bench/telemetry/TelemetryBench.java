package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Measures every cell round by round. One thread. */
final class TelemetryBench {
  private final Teardown teardown;
  private final Consumer<String> progress;

  /**
   * Builds nothing yet.
   *
   * @param teardown gets all that is made
   * @param progress told how far it is
   */
  TelemetryBench(Teardown teardown, Consumer<String> progress) {
    this.teardown = teardown;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws dev.shunt.e2e.scene.SceneException when it cannot go on; also when torn down meanwhile
   */
  TelemetryReport measure(int rounds) {
    SceneRequirements.check();
    TelemetryScene scene = new TelemetryScene(SceneName.fresh("telemetry").toString(), teardown);
    scene.warmUp();
    Libbpf libbpf = new Libbpf();
    Counting counting = counting(libbpf);
    progress.accept("warming up");
    new TelemetryRound(libbpf, scene, Optional.empty(), 0).warmUp();
    Map<TelemetryCell, List<TelemetryPair>> pairs = new LinkedHashMap<>();
    TelemetryCell.all().forEach(cell -> pairs.put(cell, new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      new TelemetryRound(libbpf, scene, counting.counter(), round)
          .measure()
          .forEach((cell, pair) -> pairs.computeIfAbsent(cell, key -> new ArrayList<>()).add(pair));
      progress.accept("round " + round + " of " + rounds);
    }
    return new TelemetryReport(pairs, counting.refusal());
  }

  /**
   * Whether the kernel counts programs.
   *
   * @param refusal why not; empty: it does
   */
  private record Counting(Optional<ProgramCounter> counter, String refusal) {}

  private Counting counting(Libbpf libbpf) {
    try {
      return new Counting(Optional.of(teardown.add(ProgramCounter.open(libbpf))), "");
    } catch (BpfException refused) {
      String refusal = refused.getMessage() + "; goals are judged by the pairs alone";
      progress.accept(refusal);
      return new Counting(Optional.empty(), refusal);
    }
  }
}
