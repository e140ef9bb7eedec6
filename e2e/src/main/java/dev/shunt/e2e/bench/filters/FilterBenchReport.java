package dev.shunt.e2e.bench.filters;

import dev.shunt.cli.Table;
import dev.shunt.datapath.programs.FilterDatapath.Hook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured. Immutable.
 *
 * @param rounds nanoseconds a packet in the programs, by cell and round
 * @param traffic what packets cost on their way
 */
record FilterBenchReport(Map<FilterCell, List<Double>> rounds, TrafficReport traffic) {
  /** Most that 10,000 CIDRs may cost over 10. */
  static final double RATIO_MAX = 1.3;

  FilterBenchReport {
    rounds = new LinkedHashMap<>(rounds);
  }

  double nanos(FilterCell cell) {
    return Spread.of(rounds.getOrDefault(cell, List.of())).median();
  }

  /** Median over the rounds of the cost with the most CIDRs over that with the fewest. */
  double ratio(Hook hook, int rules) {
    List<Double> few = rounds.getOrDefault(new FilterCell(hook, 10, rules), List.of());
    List<Double> many = rounds.getOrDefault(new FilterCell(hook, 10_000, rules), List.of());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < few.size(); i++) {
      ratios.add(many.get(i) / few.get(i));
    }
    return Spread.of(ratios).median();
  }

  boolean passed() {
    return !goals().containsValue(false);
  }

  /** Whether each goal is met. */
  private Map<String, Boolean> goals() {
    Map<String, Boolean> goals = new LinkedHashMap<>();
    String flat = "10,000 CIDRs cost at most %.1f times what 10 cost".formatted(RATIO_MAX);
    goals.put("programs: " + flat, isFlat());
    goals.put("traffic: " + flat, traffic.isFlat());
    goals.put("traffic: rules add less than the same ones in nftables", traffic.isFasterThanNft());
    return goals;
  }

  private boolean isFlat() {
    return rounds.keySet().stream().allMatch(c -> ratio(c.hook(), c.rules()) <= RATIO_MAX);
  }

  Map<String, Object> document() {
    List<Object> cells = new ArrayList<>();
    for (FilterCell cell : rounds.keySet()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("hook", cell.hookText());
      row.put("rules", cell.rules());
      row.put("cidrs", cell.cidrs());
      row.put("nanos", nanos(cell));
      row.put("rounds", rounds.get(cell));
      cells.add(row);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("passed", passed());
    document.put("ratio_max", RATIO_MAX);
    document.put("cells", cells);
    document.put("traffic", traffic.cells());
    document.put("goals", goals());
    return document;
  }

  String text() {
    Table table =
        Table.of(
            Table.text("HOOK"),
            Table.number("RULES"),
            Table.number("10 CIDRS"),
            Table.number("1,000"),
            Table.number("10,000"),
            Table.number("RATIO"));
    for (Hook hook : List.of(Hook.XDP, Hook.INGRESS)) {
      for (int rules : FilterBench.RULES) {
        List<String> row = new ArrayList<>();
        row.add(new FilterCell(hook, 0, 0).hookText());
        row.add("%,d".formatted(rules));
        FilterBench.CIDRS.forEach(
            cidrs -> row.add("%.0f ns".formatted(nanos(new FilterCell(hook, cidrs, rules)))));
        row.add("%.2f".formatted(ratio(hook, rules)));
        table.row(row.toArray());
      }
    }
    StringBuilder text = new StringBuilder("In the programs\n").append(table.render());
    text.append(
        "\nWith traffic over veth, from the sender's system call to the receiver's socket\n");
    text.append(traffic.text()).append('\n');
    goals().forEach((goal, met) -> text.append(goal).append(met ? ": passed\n" : ": failed\n"));
    return text.toString();
  }
}
