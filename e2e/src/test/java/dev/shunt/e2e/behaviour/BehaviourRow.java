package dev.shunt.e2e.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The comparison of one case in one variant. Immutable.
 *
 * @param outcome what the comparison found
 * @param bytesRedirected bytes that were redirected while the case ran accelerated
 * @param reasons why connections and messages were not redirected meanwhile
 * @param differences plain / accelerated of each observation that differs, then why if that is
 *     known
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
    Optional<String> known = Deviations.explain(caseName, differences);
    Outcome outcome = known.isPresent() ? Outcome.DEVIATES : Outcome.DIFFERS;
    if (differences.isEmpty()) {
      outcome = stats.bytesRedirected() > 0 ? Outcome.EQUAL : Outcome.KEPT_ON_TCP;
    }
    List<String> explained = new ArrayList<>(differences);
    if (outcome == Outcome.DEVIATES) {
      explained.add("documented: " + known.orElse(""));
    }
    return new BehaviourRow(
        caseName, variant, outcome, stats.bytesRedirected(), stats.reasonsLine(), explained);
  }
}
