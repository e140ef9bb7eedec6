package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.bench.Estimate;
import dev.shunt.e2e.bench.telemetry.TelemetryReport.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What a cell costs by count: the time in the module's programs, what leads to them, and the CPU of
 * who reads it. Immutable.
 *
 * @param rounds in which its programs were counted, at least one
 * @param leads what a run took to get to
 */
record CountedCost(List<Round> rounds, LeadCosts leads) {
  /** A slice that was counted, beside the pair that says what a request takes without it. */
  private record Round(TelemetryPair pair, CountedSlice counted) {
    double readerMicros() {
      return pair.readerMicros();
    }

    double programMicros() {
      return counted.microsPerRequest();
    }

    double micros() {
      return programMicros() + readerMicros();
    }
  }

  /** Empty: nothing was counted. */
  static Optional<CountedCost> of(List<TelemetryPair> pairs, LeadCosts leads) {
    List<Round> rounds =
        pairs.stream()
            .flatMap(pair -> pair.counted().map(counted -> new Round(pair, counted)).stream())
            .toList();
    return rounds.isEmpty() ? Optional.empty() : Optional.of(new CountedCost(rounds, leads));
  }

  private Estimate estimate(ToDoubleFunction<Round> value) {
    return Estimate.of(rounds.stream().mapToDouble(value).boxed().toList()).orElseThrow();
  }

  private Estimate percent(ToDoubleFunction<Round> micros) {
    return estimate(round -> round.pair().percent(micros.applyAsDouble(round)));
  }

  /** All, of the CPU of a request without the module. */
  private Estimate percent() {
    return bounded(bound -> percent(round -> round.micros() + leadMicros(round, bound)));
  }

  private double leadMicros(Round round, ToDoubleFunction<Estimate> bound) {
    return round.counted().leadMicrosPerRequest(leads, bound);
  }

  private Estimate leadMicros() {
    return bounded(bound -> estimate(round -> leadMicros(round, bound)));
  }

  private Estimate leadPercent() {
    return bounded(bound -> percent(round -> leadMicros(round, bound)));
  }

  /** As far apart as both the rounds and the costs of a run allow. */
  private static Estimate bounded(Function<ToDoubleFunction<Estimate>, Estimate> figure) {
    return new Estimate(
        figure.apply(Estimate::median).median(),
        figure.apply(Estimate::low).low(),
        figure.apply(Estimate::high).high());
  }

  /** Whether the true cost is more: what leads to the programs is not known. */
  private boolean isLeast() {
    return rounds.stream().anyMatch(round -> !round.counted().hasAllLeads(leads));
  }

  /** A count that leaves a part out cannot say that a goal is met. */
  Verdict verdict(int goalPercent) {
    if (rounds.size() < TelemetryReport.ROUNDS_MIN) {
      return Verdict.UNDECIDED;
    }
    Estimate percent = percent();
    if (percent.low() > goalPercent) {
      return Verdict.MISSED;
    }
    return percent.high() <= goalPercent && !isLeast() ? Verdict.MET : Verdict.UNDECIDED;
  }

  /** {@code 4.1}. */
  String runs() {
    return number("%.2f", estimate(round -> round.counted().runsPerRequest()).median());
  }

  /** {@code 312 ns}. */
  String run() {
    return number("%.0f ns", estimate(round -> round.counted().nanosPerRun()).median());
  }

  /** {@code 0.22 us, 1.6 %}. */
  String programs() {
    return part(estimate(Round::programMicros), percent(Round::programMicros), "");
  }

  /** The same of what leads to them; {@code >0.00 us, >0.0 %} where that is not all. */
  String leading() {
    return part(leadMicros(), leadPercent(), bound());
  }

  /** The same of who reads. */
  String reader() {
    return part(estimate(Round::readerMicros), percent(Round::readerMicros), "");
  }

  private static String part(Estimate micros, Estimate percent, String bound) {
    return bound
        + number("%.2f us", micros.median())
        + ", "
        + bound
        + number("%.1f %%", percent.median());
  }

  /** {@code 1.8 % (1.6-2.1)}. */
  String sum() {
    Estimate percent = percent();
    return "%s (%s to %s)"
        .formatted(share(), number("%.1f", percent.low()), number("%.1f", percent.high()));
  }

  /** {@code 1.8 %}; {@code >1.8 %} where that is not all. */
  String share() {
    return bound() + number("%.1f %%", percent().median());
  }

  private String bound() {
    return isLeast() ? ">" : "";
  }

  /** Not {@code -0.0}. */
  private static String number(String format, double value) {
    String text = String.format(Locale.ROOT, format, value);
    return text.matches("-[0.]+( .*)?") ? text.substring(1) : text;
  }

  Map<String, Object> document() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", document(estimate(round -> round.counted().runsPerRequest())));
    fields.put("run_nanos", document(estimate(round -> round.counted().nanosPerRun())));
    fields.put("programs_micros", document(estimate(Round::programMicros)));
    fields.put("programs_percent", document(percent(Round::programMicros)));
    fields.put("traps_micros", document(leadMicros()));
    fields.put("traps_percent", document(leadPercent()));
    fields.put("reader_micros", document(estimate(Round::readerMicros)));
    fields.put("reader_percent", document(percent(Round::readerMicros)));
    fields.put("percent", document(percent()));
    fields.put("at_least", isLeast());
    return fields;
  }

  private static Map<String, Object> document(Estimate estimate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("median", estimate.median());
    fields.put("low", estimate.low());
    fields.put("high", estimate.high());
    return fields;
  }
}
