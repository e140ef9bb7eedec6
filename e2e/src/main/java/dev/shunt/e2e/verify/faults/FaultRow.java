package dev.shunt.e2e.verify.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a fault did. Immutable.
 *
 * @param fault which
 * @param failure why it is no pass; empty: it is one
 * @param outcome message and recovery
 * @param load what the load observed
 */
record FaultRow(Fault fault, String failure, Fault.Outcome outcome, Load load) {
  /**
   * The checksummed load. Immutable.
   *
   * @param bytes that arrived
   * @param mismatches bytes that were not what was sent
   * @param errors connections that were reset or lost bytes
   * @param longestGapMillis without an arrival on a connection
   */
  record Load(long bytes, long mismatches, long errors, long longestGapMillis) {
    static final Load NONE = new Load(0, 0, 0, 0);

    Load plus(Load other) {
      return new Load(
          bytes + other.bytes,
          mismatches + other.mismatches,
          errors + other.errors,
          Math.max(longestGapMillis, other.longestGapMillis));
    }
  }

  boolean passed() {
    return failure.isEmpty();
  }

  String verdict() {
    return passed() ? "pass" : "fail";
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", fault.name());
    document.put("what", fault.what());
    document.put("verdict", verdict());
    document.put("failure", failure);
    document.put("message", outcome.message());
    document.put("recovery_ms", outcome.recoveryMillis());
    document.put("bytes", load.bytes());
    document.put("mismatches", load.mismatches());
    document.put("errors", load.errors());
    document.put("longest_gap_ms", load.longestGapMillis());
    outcome.paired().ifPresent(paired -> document.put("paired", paired.document()));
    return document;
  }
}
