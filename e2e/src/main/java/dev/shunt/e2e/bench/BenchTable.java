package dev.shunt.e2e.bench;

import dev.shunt.cli.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The benchmark's result for a person. Pure. */
final class BenchTable {
  private BenchTable() {}

  static String of(BenchReport report) {
    Table cells =
        Table.of(
            Table.text("CELL"),
            Table.text("VARIANT"),
            Table.number("RATE"),
            Table.number("95 %"),
            Table.number("P50"),
            Table.number("P99"),
            Table.number("CPU"),
            Table.number("95 %"),
            Table.number("NOISE"),
            Table.number("ROUNDS"));
    for (CellResult result : report.results()) {
      cells.row(
          result.cell(),
          result.variant(),
          ratio(result.rate()),
          interval(result.rate()),
          ratio(result.p50()),
          ratio(result.p99()),
          ratio(result.cpu()),
          interval(result.cpu()),
          String.format(Locale.ROOT, "%.2f", result.noise(Sample::rate)),
          result.rounds().size());
    }
    return head(report) + cells.render() + "\n" + goals(report.goals());
  }

  private static String head(BenchReport report) {
    Machine machine = report.machine();
    return String.format(
        Locale.ROOT,
        "%s, %d cores, kernel %s%nMedians of each round's ratio to plain TCP, with their 95 %%"
            + " confidence; rate: more is better, the rest: less is better.%nNOISE: how far two"
            + " plain runs of a round lie apart%n%n",
        machine.cpu(),
        machine.cores(),
        machine.kernel());
  }

  private static String goals(List<GoalResult> goals) {
    List<GoalResult> open = goals.stream().filter(goal -> !goal.met()).toList();
    if (open.isEmpty()) {
      return goals.size() + " goals, all met\n";
    }
    Table table =
        Table.of(
            Table.text("GOAL"),
            Table.text("STATE"),
            Table.number("VALUE"),
            Table.number("95 %"),
            Table.number("BOUND"));
    for (GoalResult goal : open) {
      table.row(
          goal.name(),
          goal.state(),
          ratio(goal.value()),
          interval(goal.value()),
          String.format(Locale.ROOT, "%.2fx", goal.bound()));
    }
    long missed = goals.stream().filter(GoalResult::missed).count();
    return String.format(
        Locale.ROOT,
        "%d goals: %d met, %d missed, %d undecided for noise%n%n%s",
        goals.size(),
        goals.size() - open.size(),
        missed,
        open.size() - missed,
        table.render());
  }

  private static String ratio(Optional<Estimate> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.2fx", v.median())).orElse("-");
  }

  private static String interval(Optional<Estimate> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.2f-%.2f", v.low(), v.high())).orElse("-");
  }
}
