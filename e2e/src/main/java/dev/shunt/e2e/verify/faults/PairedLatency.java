package dev.shunt.e2e.verify.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the same load saw with something and without it, in windows that take turns. Immutable.
 *
 * @param with longest wait of each window with it, in milliseconds
 * @param without longest wait of each window without it, in milliseconds
 * @param requests of HTTP in all windows
 */
record PairedLatency(List<Long> with, List<Long> without, long requests) {
  PairedLatency {
    with = List.copyOf(with);
    without = List.copyOf(without);
  }

  /** Medians: a moment in which the machine did something else spoils one window. */
  long attributableMillis() {
    return median(with) - median(without);
  }

  static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("longest_gap_ms", with);
    document.put("longest_gap_without_ms", without);
    document.put("attributable_ms", attributableMillis());
    document.put("requests", requests);
    return document;
  }

  /** One line. */
  String text() {
    return "longest wait %s ms with it, %s ms without it; %d requests, 0 failed"
        .formatted(joined(with), joined(without), requests);
  }

  private static String joined(List<Long> values) {
    return String.join("/", values.stream().map(String::valueOf).toList());
  }
}
