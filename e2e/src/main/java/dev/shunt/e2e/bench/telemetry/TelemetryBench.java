package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
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
    LeadCosts leads = counting.counter().isPresent() ? leads(libbpf) : LeadCosts.none("");
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
    return new TelemetryReport(pairs, leads, counting.refusal());
  }

  /** Without it, what a trap leads to costs an unknown amount more. */
  private LeadCosts leads(Libbpf libbpf) {
    progress.accept("measuring what leads to programs");
    SceneDirectory directory =
        teardown.add(SceneDirectory.create(SceneName.fresh("traps").toString()));
    try (LeadMeter meter = teardown.add(LeadMeter.open(libbpf, directory.path()))) {
      return meter.measure();
    } catch (BpfException | SceneException refused) {
      if (teardown.isClosed()) {
        throw refused;
      }
      progress.accept(refused.getMessage() + "; what leads to programs is not counted");
      return LeadCosts.none(String.valueOf(refused.getMessage()));
    }
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
