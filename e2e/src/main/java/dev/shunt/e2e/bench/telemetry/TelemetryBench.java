package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.Teardown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<TelemetryCell, List<TelemetryPair>> pairs = new LinkedHashMap<>();
    TelemetryCell.all().forEach(cell -> pairs.put(cell, new ArrayList<>()));
    for (int round = 1; round <= rounds; round++) {
      new TelemetryRound(scene, round)
          .measure()
          .forEach((cell, pair) -> pairs.computeIfAbsent(cell, key -> new ArrayList<>()).add(pair));
      progress.accept("round " + round + " of " + rounds);
    }
    return new TelemetryReport(pairs);
  }
}
