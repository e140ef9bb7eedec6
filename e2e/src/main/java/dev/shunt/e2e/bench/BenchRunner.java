package dev.shunt.e2e.bench;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures cells one after the other, as the package's steps say. One thread; {@link #abort} also
 * from a shutdown hook.
 */
final class BenchRunner {
  /** Of a cell whose goals the noise leaves open. */
  private static final int MOST_ROUNDS = 300;

  private final BenchPlan plan;
  private final Set<Variant> wanted;
  private final BenchProgress progress;
  private volatile boolean aborted;

  BenchRunner(BenchPlan plan, Set<Variant> wanted, BenchProgress progress) {
    this.plan = plan;
    this.wanted = Collections.unmodifiableSet(new LinkedHashSet<>(wanted));
    this.progress = progress;
  }

  /** Runs the plan. A cell that fails has a result without rounds, and the next one is measured. */
  List<CellResult> run() {
    List<CellResult> results = new ArrayList<>();
    long begin = System.nanoTime();
    int number = 0;
    for (BenchCell cell : plan.cells()) {
      if (aborted) {
        break;
      }
      progress.cell(++number, plan.cells().size(), cell.name());
      List<CellResult> measured = attempt(cell, begin + plan.shareEnd(number).toNanos());
      progress.results(measured);
      results.addAll(measured);
    }
    return results;
  }

  /** Stops before the next round. */
  void abort() {
    aborted = true;
  }

  private List<CellResult> attempt(BenchCell cell, long shareEndNanos) {
    try {
      return measure(cell, shareEndNanos);
    } catch (SceneUnavailableException impossible) {
      throw impossible;
    } catch (SceneException failed) {
      if (!aborted) {
        progress.failure(failed);
      }
      return List.of(new CellResult(cell.name(), Variant.SHUNT, List.of()));
    }
  }

  private List<CellResult> measure(BenchCell cell, long shareEndNanos) {
    Set<Variant> variants = cell.variants(wanted);
    List<Variant> others = new ArrayList<>(others(variants).toList());
    List<Round> rounds = new ArrayList<>();
    try (CellRun run = cell.open(variants)) {
      for (Variant variant : variants) {
        run.drive(variant);
      }
      while (!aborted && wantsMore(cell, rounds, shareEndNanos)) {
        rounds.add(round(run, others));
        Collections.rotate(others, 1);
        progress.round(rounds.size(), Math.max(rounds.size(), cell.rounds()));
      }
    }
    return others(variants).map(variant -> new CellResult(cell.name(), variant, rounds)).toList();
  }

  /** More than the least only while the noise leaves a goal open and the cell's share lasts. */
  private boolean wantsMore(BenchCell cell, List<Round> rounds, long shareEndNanos) {
    if (rounds.size() < cell.rounds()) {
      return true;
    }
    return rounds.size() < MOST_ROUNDS
        && System.nanoTime() < shareEndNanos
        && !Goals.isSettled(new CellResult(cell.name(), Variant.SHUNT, rounds));
  }

  private static Stream<Variant> others(Set<Variant> variants) {
    return variants.stream().filter(variant -> !variant.equals(Variant.PLAIN));
  }

  private Round round(CellRun run, List<Variant> others) {
    Sample before = run.drive(Variant.PLAIN);
    Map<Variant, Sample> samples = new LinkedHashMap<>();
    for (Variant variant : others) {
      samples.put(variant, run.drive(variant));
    }
    return new Round(before, run.drive(Variant.PLAIN), samples);
  }
}
