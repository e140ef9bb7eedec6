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
            Table.number("P50"),
            Table.number("P99"),
            Table.number("CPU"),
            Table.number("SPREAD"),
            Table.number("NOISE"),
            Table.number("ROUNDS"));
    for (CellResult result : report.results()) {
      cells.row(
          result.cell(),
          result.variant(),
          ratio(result.ratioRate()),
          ratio(result.ratioP50()),
          ratio(result.ratioP99()),
          ratio(result.ratioCpu()),
          distance(result.spread().orElse(0.0)),
          distance(result.noise(Sample::rate)),
          result.rounds().size());
    }
    return head(report) + cells.render() + "\n" + goals(report.goals());
  }

  private static String head(BenchReport report) {
    Machine machine = report.machine();
    return String.format(
        Locale.ROOT,
        "%s, %d cores, kernel %s%nMedians of each round's ratio to plain TCP; rate: more is better,"
            + " the rest: less is better%n%n",
        machine.cpu(),
        machine.cores(),
        machine.kernel());
  }

  private static String goals(List<GoalResult> goals) {
    List<GoalResult> missed = goals.stream().filter(goal -> !goal.met()).toList();
    if (missed.isEmpty()) {
      return goals.size() + " goals, all met\n";
    }
    Table table = Table.of(Table.text("GOAL MISSED"), Table.number("VALUE"), Table.number("BOUND"));
    for (GoalResult goal : missed) {
      table.row(goal.name(), ratio(Optional.of(goal.value())), ratio(Optional.of(goal.bound())));
    }
    return goals.size() + " goals, " + missed.size() + " missed\n\n" + table.render();
  }

  private static String ratio(Optional<Double> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.2fx", v)).orElse("-");
  }

  private static String distance(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
