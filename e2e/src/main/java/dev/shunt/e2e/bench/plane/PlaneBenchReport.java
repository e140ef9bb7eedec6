package dev.shunt.e2e.bench.plane;

import dev.shunt.cli.Table;
import dev.shunt.e2e.bench.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured. Immutable.
 *
 * @param machine where
 * @param bySize clusters that differ in their number of nodes
 * @param byPods clusters that differ in the pods of a node
 */
record PlaneBenchReport(Machine machine, List<PlaneSample> bySize, List<PlaneSample> byPods) {
  private static final double EDIT_MS_MAX = 2000;
  private static final double POD_MS_MAX = 200;
  private static final double RSS_MIB_MAX = 1024;

  /** What a node may cost in the largest cluster over what it costs in the smallest. */
  private static final double GROWTH_MAX = 1.5;

  PlaneBenchReport {
    bySize = List.copyOf(bySize);
    byPods = List.copyOf(byPods);
  }

  private PlaneSample largest() {
    return bySize.stream().max(Comparator.comparingInt(PlaneSample::nodes)).orElseThrow();
  }

  private PlaneSample smallest() {
    return bySize.stream().min(Comparator.comparingInt(PlaneSample::nodes)).orElseThrow();
  }

  private double growth() {
    return largest().edit().cpuMicros() / smallest().edit().cpuMicros();
  }

  Map<String, Boolean> goals() {
    PlaneSample most = largest();
    String where = "%d nodes, %d pods: ".formatted(most.nodes(), most.nodes() * most.podsPerNode());
    Map<String, Boolean> goals = new LinkedHashMap<>();
    goals.put(
        where + "a policy edit is acknowledged within 2 s (p99)", most.edit().p99() <= EDIT_MS_MAX);
    goals.put(
        where + "a pod event is acknowledged within 200 ms (p99)", most.pods().p99() <= POD_MS_MAX);
    goals.put(where + "memory stays below 1 GiB", most.peakMebibytes() <= RSS_MIB_MAX);
    goals.put(
        "a node costs at most 1.5 times as much with %d nodes as with %d"
            .formatted(most.nodes(), smallest().nodes()),
        growth() <= GROWTH_MAX);
    return goals;
  }

  boolean passed() {
    return !goals().containsValue(false);
  }

  Map<String, Object> document(String command) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", machine.document());
    document.put("command", command);
    document.put("passed", passed());
    document.put("goals", goals());
    document.put("by_size", bySize.stream().map(PlaneSample::document).toList());
    document.put("by_pods", byPods.stream().map(PlaneSample::document).toList());
    return document;
  }

  String text() {
    Table table =
        Table.of(
            Table.number("NODES"),
            Table.number("PODS/NODE"),
            Table.number("CONNECT"),
            Table.number("EDIT P50"),
            Table.number("P99"),
            Table.number("CPU/NODE"),
            Table.number("POD EVENT P50"),
            Table.number("P99"),
            Table.number("CPU/EVENT"),
            Table.number("PEAK RSS"));
    List<PlaneSample> all = new ArrayList<>(bySize);
    all.addAll(byPods);
    for (PlaneSample sample : all) {
      table.row(
          sample.nodes(),
          sample.podsPerNode(),
          format("%.1f s", sample.connectSeconds()),
          format("%.0f ms", sample.edit().p50()),
          format("%.0f ms", sample.edit().p99()),
          format("%.0f us", sample.edit().cpuMicros()),
          format("%.1f ms", sample.pods().p50()),
          format("%.1f ms", sample.pods().p99()),
          format("%.0f us", sample.pods().cpuMicros()),
          format("%.0f MiB", sample.peakMebibytes()));
    }
    StringBuilder text = new StringBuilder(table.render()).append('\n');
    goals()
        .forEach(
            (goal, met) -> text.append(met ? "met     " : "missed  ").append(goal).append('\n'));
    return text.toString();
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
