package dev.shunt.e2e.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The benchmark's result as the one document that {@code -o json} and {@code -o yaml} print. Pure.
 *
 * <p>{@code ratio_*} are medians of the rounds' ratios, variant over plain TCP; {@code null} where
 * a measure does not exist, such as the latency of a stream. {@code interval_*} are the medians' 95
 * % confidence intervals, {@code spread} is half the distance of the quartiles of {@code
 * ratio_rate}. {@code rate} counts operations per second, for streams bytes per second; {@code
 * cpu_us} is per operation, for streams per mebibyte. {@code cdf_us} has the latencies below which
 * 1/n, 2/n ... of the operations lie, each the median of the rounds.
 */
final class BenchDocument {
  private BenchDocument() {}

  static Map<String, Object> of(BenchReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", report.machine().document());
    document.put("command", report.command());
    document.put("cells", report.results().stream().map(BenchDocument::cell).toList());
    document.put("goals", report.goals().stream().map(BenchDocument::goal).toList());
    return document;
  }

  private static Map<String, Object> cell(CellResult result) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", result.cell());
    object.put("variant", result.variant().name());
    put(object, "ratio_rate", result.rate().map(Estimate::median));
    put(object, "ratio_p50", result.p50().map(Estimate::median));
    put(object, "ratio_p99", result.p99().map(Estimate::median));
    put(object, "ratio_cpu", result.cpu().map(Estimate::median));
    object.put("interval_rate", interval(result.rate()));
    object.put("interval_p50", interval(result.p50()));
    object.put("interval_cpu", interval(result.cpu()));
    put(object, "spread", result.spread());
    object.put("noise_rate", rounded(result.noise(Sample::rate)));
    object.put("noise_cpu", rounded(result.noise(Sample::cpuMicros)));
    if (!result.cdf(Optional.empty()).isEmpty()) {
      Map<String, Object> cdf = new LinkedHashMap<>();
      cdf.put("plain", result.cdf(Optional.empty()));
      cdf.put("variant", result.cdf(Optional.of(result.variant())));
      object.put("cdf_us", cdf);
    }
    object.put("rounds", rounds(result));
    return object;
  }

  private static List<Map<String, Object>> rounds(CellResult result) {
    return result.rounds().stream()
        .filter(round -> round.others().containsKey(result.variant()))
        .map(round -> round(round, result.variant()))
        .toList();
  }

  private static Map<String, Object> round(Round round, Variant variant) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("plain_before", sample(round.before()));
    object.put("variant", sample(java.util.Objects.requireNonNull(round.others().get(variant))));
    object.put("plain_after", sample(round.after()));
    put(object, "ratio_rate", round.ratio(variant, Sample::rate));
    put(object, "ratio_p50", round.ratio(variant, Sample::p50Micros));
    put(object, "ratio_p99", round.ratio(variant, Sample::p99Micros));
    put(object, "ratio_cpu", round.ratio(variant, Sample::cpuMicros));
    return object;
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("rate", rounded(sample.rate()));
    putIfAny(object, "p50_us", sample, Sample::p50Micros);
    putIfAny(object, "p99_us", sample, Sample::p99Micros);
    object.put("cpu_us", rounded(sample.cpuMicros()));
    return object;
  }

  private static void putIfAny(
      Map<String, Object> object, String key, Sample sample, ToDoubleFunction<Sample> measure) {
    double value = measure.applyAsDouble(sample);
    put(object, key, value > 0 ? Optional.of(value) : Optional.empty());
  }

  @SuppressWarnings("NullAway") // a JSON null
  private static void put(Map<String, Object> object, String key, Optional<Double> value) {
    object.put(key, value.map(BenchDocument::rounded).orElse(null));
  }

  private static Map<String, Object> goal(GoalResult goal) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", goal.name());
    object.put("met", goal.met());
    object.put("state", goal.state().toString());
    put(object, "value", goal.value().map(Estimate::median));
    object.put("interval", interval(goal.value()));
    object.put("bound", rounded(goal.bound()));
    return object;
  }

  /** Lower and upper end; empty when nothing was measured. */
  private static List<Double> interval(Optional<Estimate> estimate) {
    return estimate
        .map(value -> List.of(rounded(value.low()), rounded(value.high())))
        .orElse(List.of());
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
