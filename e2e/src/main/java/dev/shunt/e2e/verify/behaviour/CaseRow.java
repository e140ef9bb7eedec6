package dev.shunt.e2e.verify.behaviour;

import java.util.List;

/**
 * The comparison of one case in one variant. Immutable.
 *
 * @param name of the case
 * @param reason KEPT_ON_TCP: the node's reason; DEVIATION: what the documentation says; DIFFERENT:
 *     what is wrong; EQUAL: empty
 * @param bytesRedirected bytes that the node redirected while the case ran accelerated
 * @param counts why connections and messages went by TCP meanwhile, as the node counted
 * @param differences {@code key: plain / accelerated} of each observation that differs
 */
public record CaseRow(
    String name,
    String variant,
    Verdict verdict,
    String reason,
    long bytesRedirected,
    String counts,
    List<String> differences) {
  public CaseRow {
    differences = List.copyOf(differences);
  }
}
