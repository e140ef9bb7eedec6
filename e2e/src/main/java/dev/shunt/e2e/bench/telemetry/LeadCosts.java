package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.bench.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What it takes to get to a program and back, measured on this machine. Immutable.
 *
 * @param nanos of one run, without the program's own time
 * @param refusal why they were not measured; empty: they were
 */
record LeadCosts(Map<Lead, Estimate> nanos, String refusal) {
  private static final Estimate NOTHING = new Estimate(0, 0, 0);

  LeadCosts {
    nanos = new LinkedHashMap<>(nanos);
  }

  /** Not measured. */
  static LeadCosts none(String refusal) {
    return new LeadCosts(Map.of(), refusal);
  }

  /** Nanoseconds; empty: it was not measured, or the measurements lie too far apart to tell. */
  Optional<Estimate> of(Lead lead) {
    return lead == Lead.DIRECT
        ? Optional.of(NOTHING)
        : Optional.ofNullable(nanos.get(lead)).filter(LeadCosts::isTold);
  }

  /** An interval with 0 in it does not even say that there is a cost. */
  private static boolean isTold(Estimate estimate) {
    return estimate.low() > 0;
  }

  /** Sentences. */
  List<String> notes() {
    if (!refusal.isEmpty()) {
      return List.of(
          "What leads to programs was not measured: %s; where that is a trap or an interrupt, a share has a >."
              .formatted(refusal));
    }
    return List.of(
        nanos.entrySet().stream()
            .map(lead -> words(lead.getKey()) + " " + words(lead.getValue()))
            .collect(
                Collectors.joining(
                    ", ",
                    "Traps: what leads to the programs, their runs times what such a run took in a"
                        + " loop of its own, median (95 % interval): ",
                    ".")),
        "At a tracepoint these are a few instructions, which are not counted. A share with a > does not"
            + " have all of it.");
  }

  private static String words(Lead lead) {
    return switch (lead) {
      case USDT -> "a USDT probe";
      case ENTRY -> "the entry of a function";
      case RETURN -> "its return besides";
      case CLOCK -> "a clock's interrupt";
      case DIRECT, OTHER_TRAP -> lead.toString();
    };
  }

  private static String words(Estimate estimate) {
    String figures =
        String.format(
            Locale.ROOT,
            "%.0f ns (%.0f to %.0f)",
            estimate.median(),
            estimate.low(),
            estimate.high());
    return isTold(estimate) ? figures : figures + " which is too far apart to be used";
  }

  Map<String, Object> document() {
    Map<String, Object> fields = new LinkedHashMap<>();
    nanos.forEach(
        (lead, estimate) -> {
          Map<String, Object> figures = new LinkedHashMap<>();
          figures.put("median", estimate.median());
          figures.put("low", estimate.low());
          figures.put("high", estimate.high());
          figures.put("used", isTold(estimate));
          fields.put(lead.toString(), figures);
        });
    return fields;
  }
}
