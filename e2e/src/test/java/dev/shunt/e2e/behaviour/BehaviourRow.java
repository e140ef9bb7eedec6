package dev.shunt.e2e.behaviour;

import java.util.List;

/**
 * The comparison of one case in one variant. Immutable.
 *
 * @param outcome what the comparison found
 * @param bytesRedirected bytes that were redirected while the case ran accelerated
 * @param reasons why connections and messages were not redirected meanwhile
 * @param differences plain / accelerated of each observation that differs
 */
record BehaviourRow(
    String caseName,
    PeerVariant variant,
    Outcome outcome,
    long bytesRedirected,
    String reasons,
    List<String> differences) {

  /** Result of a comparison. */
  enum Outcome {
    /** The same observations, and bytes were redirected. */
    EQUAL,
    /** The same observations, and every byte went by TCP. */
    KEPT_ON_TCP,
    /** Other observations, in a way that the documentation names. */
    DEVIATES,
    /** Other observations. */
    DIFFERS
  }

  BehaviourRow {
    differences = List.copyOf(differences);
  }

  static BehaviourRow of(
      String caseName,
      PeerVariant variant,
      PeerResult plain,
      PeerResult accelerated,
      HostStats stats) {
    List<String> differences = plain.differencesTo(accelerated);
    Outcome outcome = Outcome.DIFFERS;
    if (differences.isEmpty()) {
      outcome = stats.bytesRedirected() > 0 ? Outcome.EQUAL : Outcome.KEPT_ON_TCP;
    } else if (Deviations.allow(caseName, differences)) {
      outcome = Outcome.DEVIATES;
    }
    return new BehaviourRow(
        caseName, variant, outcome, stats.bytesRedirected(), stats.reasonsLine(), differences);
  }
}
