package dev.shunt.e2e.bench.telemetry;

import dev.shunt.cli.Table;
import dev.shunt.cli.VersionCommand;
import dev.shunt.e2e.bench.Estimate;
import dev.shunt.e2e.bench.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What every cell cost. Immutable.
 *
 * @param pairs of slices, by round
 * @param leads what leads to programs
 * @param refusal why programs were not counted; empty: they were
 */
record TelemetryReport(
    Map<TelemetryCell, List<TelemetryPair>> pairs, LeadCosts leads, String refusal) {
  TelemetryReport {
    pairs = new LinkedHashMap<>(pairs);
  }

  /** What a measurement can say of a goal. */
  enum Verdict {
    /** Even the lower end of the interval is above the bound. */
    MET,
    /** The bound lies in the interval, or there were too few rounds for one. */
    UNDECIDED,
    /** Even the upper end is below. */
    MISSED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** With fewer the interval is less than 95 % sure. */
  static final int ROUNDS_MIN = 6;

  private static final String NOT_COUNTED = "-";

  /**
   * The figures of a cell.
   *
   * @param leads as of the report
   */
  record Row(TelemetryCell cell, List<TelemetryPair> rounds, LeadCosts leads) {
    private Estimate estimate(ToDoubleFunction<TelemetryPair> value) {
      return Estimate.of(rounds.stream().mapToDouble(value).boxed().toList()).orElseThrow();
    }

    double median(ToDoubleFunction<TelemetryPair> value) {
      return estimate(value).median();
    }

    /** What its programs, the way to them and who reads them cost; empty: not counted. */
    Optional<CountedCost> counted() {
      return CountedCost.of(rounds, leads);
    }

    /** By the pairs alone; empty: the cell has no goal. */
    private Optional<Verdict> ofPairs() {
      if (cell.goalPercent().isEmpty()) {
        return Optional.empty();
      }
      if (rounds.size() < ROUNDS_MIN) {
        return Optional.of(Verdict.UNDECIDED);
      }
      double bound = 1 - cell.goalPercent().getAsInt() / 100.0;
      Estimate requests = estimate(TelemetryPair::requestsRatio);
      if (requests.high() < bound) {
        return Optional.of(Verdict.MISSED);
      }
      return Optional.of(requests.low() >= bound ? Verdict.MET : Verdict.UNDECIDED);
    }

    /** By the count where the pairs leave it open; empty: the cell has no goal. */
    Optional<Verdict> verdict() {
      return ofPairs().map(pairs -> pairs == Verdict.UNDECIDED ? ofCount() : pairs);
    }

    private Verdict ofCount() {
      return counted()
          .map(cost -> cost.verdict(cell.goalPercent().orElseThrow()))
          .orElse(Verdict.UNDECIDED);
    }

    /** What said so: {@code pairs} or {@code count}; empty: nothing did, or there is no goal. */
    Optional<String> decidedBy() {
      return verdict()
          .filter(verdict -> verdict != Verdict.UNDECIDED)
          .map(verdict -> ofPairs().equals(Optional.of(verdict)) ? "pairs" : "count");
    }

    /**
     * {@code under 1 %: met}, or {@code under 1 %: met (counted 0.6 %)} where the count says so.
     */
    String goal() {
      String counted =
          ofPairs().filter(Verdict.UNDECIDED::equals).isPresent()
              ? counted().map(cost -> " (counted " + cost.share() + ")").orElse("")
              : "";
      return verdict()
          .map(v -> "under %d %%: %s%s".formatted(cell.goalPercent().getAsInt(), v, counted))
          .orElse("-");
    }

    /** A figure of the count. */
    String counted(Function<CountedCost, String> figure) {
      return counted().map(figure).orElse(NOT_COUNTED);
    }

    /** {@code 0.997 (0.990-1.004)}. */
    String text(ToDoubleFunction<TelemetryPair> ratio) {
      Estimate estimate = estimate(ratio);
      return String.format(
          Locale.ROOT, "%.3f (%.3f-%.3f)", estimate.median(), estimate.low(), estimate.high());
    }

    private Map<String, Object> document(ToDoubleFunction<TelemetryPair> ratio) {
      Estimate estimate = estimate(ratio);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("on_over_off", estimate.median());
      fields.put("low", estimate.low());
      fields.put("high", estimate.high());
      return fields;
    }
  }

  /** In the order of the cells. */
  List<Row> rows() {
    return pairs.entrySet().stream()
        .map(cell -> new Row(cell.getKey(), cell.getValue(), leads))
        .toList();
  }

  /** How many. */
  int rounds() {
    return pairs.values().stream().mapToInt(List::size).max().orElse(0);
  }

  boolean noGoalMissed() {
    return rows().stream()
        .noneMatch(row -> row.verdict().filter(Verdict.MISSED::equals).isPresent());
  }

  String text() {
    Table table =
        Table.of(
            Table.text("MODULE"),
            Table.text("TRAFFIC"),
            Table.number("REQUESTS/S OFF"),
            Table.number("ON/OFF"),
            Table.number("CPU/REQUEST OFF"),
            Table.number("ON/OFF"),
            Table.number("MATCHED"),
            Table.number("SHED"),
            Table.text("COST"));
    for (Row row : rows()) {
      table.row(
          row.cell().what(),
          row.cell().traffic(),
          "%.0f".formatted(row.median(pair -> pair.off().requestsPerSecond())),
          row.text(TelemetryPair::requestsRatio),
          "%.1f us".formatted(row.median(pair -> pair.off().cpuMicros())),
          row.text(TelemetryPair::cpuRatio),
          "%.0f".formatted(row.median(TelemetryPair::matched)),
          "%.0f".formatted(row.median(TelemetryPair::shed)),
          row.goal());
    }
    return table.render() + "\n" + countedText();
  }

  private String countedText() {
    String notes = String.join("\n", countNotes()) + "\n";
    if (!refusal.isEmpty()) {
      return notes;
    }
    Table table =
        Table.of(
            Table.text("MODULE"),
            Table.text("TRAFFIC"),
            Table.number("RUNS/REQUEST"),
            Table.number("A RUN"),
            Table.number("PROGRAMS/REQUEST"),
            Table.number("TRAPS/REQUEST"),
            Table.number("READER/REQUEST"),
            Table.number("ALL OF CPU/REQUEST"));
    for (Row row : rows()) {
      if (row.counted().isPresent()) {
        table.row(
            row.cell().what(),
            row.cell().traffic(),
            row.counted(CountedCost::runs),
            row.counted(CountedCost::run),
            row.counted(CountedCost::programs),
            row.counted(CountedCost::leading),
            row.counted(CountedCost::reader),
            row.counted(CountedCost::sum));
      }
    }
    return table.render() + notes;
  }

  /** What the counted figures are, or why there are none: sentences. */
  List<String> countNotes() {
    if (!refusal.isEmpty()) {
      return List.of("Programs were not counted: " + refusal + ".");
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "Programs: what the kernel counts in the module's programs, less the %.0f ns a run that"
                + " it counts where a program does nothing (reads of its clock).",
            emptyNanos()));
    notes.addAll(leads.notes());
    notes.add("Reader: CPU of the process that reads the rows, on less off.");
    return notes;
  }

  /** The middle of all slices. */
  private double emptyNanos() {
    List<Double> nanos =
        pairs.values().stream()
            .flatMap(List::stream)
            .flatMap(pair -> pair.counted().stream())
            .map(CountedSlice::emptyNanos)
            .toList();
    return Estimate.of(nanos).map(Estimate::median).orElse(0.0);
  }

  @SuppressWarnings("NullAway") // a JSON null
  Map<String, Object> document() {
    List<Object> cells = new ArrayList<>();
    for (Row row : rows()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      TelemetryCell cell = row.cell();
      fields.put("module", cell.module().map(Object::toString).orElse(null));
      fields.put("traffic", cell.traffic().toString());
      fields.put("requests_per_second", row.document(TelemetryPair::requestsRatio));
      fields.put("cpu_per_request", row.document(TelemetryPair::cpuRatio));
      fields.put(
          "goal_percent", cell.goalPercent().isPresent() ? cell.goalPercent().getAsInt() : null);
      fields.put("goal", row.verdict().map(Verdict::toString).orElse(null));
      fields.put("goal_by", row.decidedBy().orElse(null));
      fields.put("counted", row.counted().map(CountedCost::document).orElse(null));
      fields.put("rounds", row.rounds().stream().map(TelemetryReport::document).toList());
      cells.add(fields);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", machine().document());
    document.put("cells", cells);
    document.put("traps", leads.document());
    document.put("traps_not_measured", leads.refusal().isEmpty() ? null : leads.refusal());
    document.put("not_counted", refusal.isEmpty() ? null : refusal);
    return document;
  }

  static Machine machine() {
    return Machine.here(VersionCommand.version());
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static Map<String, Object> document(TelemetryPair pair) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests_per_second_off", pair.off().requestsPerSecond());
    fields.put("requests_per_second_on", pair.on().requestsPerSecond());
    fields.put("cpu_micros_off", pair.off().cpuMicros());
    fields.put("cpu_micros_on", pair.on().cpuMicros());
    fields.put("matched", pair.matched());
    fields.put("shed", pair.shed());
    fields.put("reader_micros", pair.readerMicros());
    fields.put("counted", pair.counted().map(CountedSlice::document).orElse(null));
    return fields;
  }
}
