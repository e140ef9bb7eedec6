package dev.shunt.e2e.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures cells one after the other, as the package's steps say. One thread; {@link #abort} also
 * from a shutdown hook.
 */
final class BenchRunner {
  private static final int WARM_UP_SHARE = 2;

  private final BenchPlan plan;
  private final Set<Variant> wanted;
  private final BenchProgress progress;
  private volatile boolean aborted;

  BenchRunner(BenchPlan plan, Set<Variant> wanted, BenchProgress progress) {
    this.plan = plan;
    this.wanted = Collections.unmodifiableSet(new LinkedHashSet<>(wanted));
    this.progress = progress;
  }

  /**
   * Runs the plan.
   *
   * @throws dev.shunt.e2e.scene.SceneException a cell failed; what was open is removed
   */
  List<CellResult> run() {
    List<CellResult> results = new ArrayList<>();
    int number = 0;
    for (BenchCell cell : plan.cells()) {
      if (aborted) {
        break;
      }
      progress.cell(++number, plan.cells().size(), cell.name());
      List<CellResult> measured = measure(cell);
      progress.results(measured);
      results.addAll(measured);
    }
    return results;
  }

  /** Stops before the next round. */
  void abort() {
    aborted = true;
  }

  private List<CellResult> measure(BenchCell cell) {
    Set<Variant> variants = cell.variants(wanted);
    List<Variant> others = new ArrayList<>(variants);
    others.remove(Variant.PLAIN);
    List<Round> rounds = new ArrayList<>();
    try (CellRun run = cell.open(variants)) {
      for (Variant variant : variants) {
        run.drive(variant, plan.millis() / WARM_UP_SHARE);
      }
      while (rounds.size() < plan.rounds() && !aborted) {
        rounds.add(round(run, others));
        Collections.rotate(others, 1);
        progress.round(rounds.size(), plan.rounds());
      }
    }
    return variants.stream()
        .filter(variant -> !variant.equals(Variant.PLAIN))
        .map(variant -> new CellResult(cell.name(), variant, rounds))
        .toList();
  }

  private Round round(CellRun run, List<Variant> others) {
    Sample before = run.drive(Variant.PLAIN, plan.millis());
    Map<Variant, Sample> samples = new LinkedHashMap<>();
    for (Variant variant : others) {
      samples.put(variant, run.drive(variant, plan.millis()));
    }
    return new Round(before, run.drive(Variant.PLAIN, plan.millis()), samples);
  }
}
