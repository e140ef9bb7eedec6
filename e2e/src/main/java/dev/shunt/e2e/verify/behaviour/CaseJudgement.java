package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a case's two runs become a verdict. Immutable.
 *
 * @param judged the case that ran
 * @param variant in which it ran
 */
record CaseJudgement(BehaviourCase judged, String variant) {

  /** A row for a run that gave nothing to compare. */
  static CaseRow failed(BehaviourCase judged, String variant, SceneException failure) {
    return new CaseRow(
        judged.name(),
        variant,
        Verdict.DIFFERENT,
        String.valueOf(failure.getMessage()),
        0,
        "",
        List.of());
  }

  /**
   * The verdict.
   *
   * @param during what the node counted while the case ran accelerated
   */
  CaseRow row(Observations plain, Observations accelerated, HostStats during) {
    List<String> differences = plain.differencesTo(accelerated);
    if (!plain.ok()) {
      return row(Verdict.DIFFERENT, "wrong on plain TCP: " + plain.detail(), during, differences);
    }
    Optional<String> wrongPath = wrongPath(during);
    if (wrongPath.isPresent()) {
      return row(Verdict.DIFFERENT, wrongPath.get(), during, differences);
    }
    if (!differences.isEmpty()) {
      return judged
          .deviation(differences)
          .map(why -> row(Verdict.DEVIATION, why, during, differences))
          .orElseGet(() -> row(Verdict.DIFFERENT, differences.get(0), during, differences));
    }
    return during.bytesRedirected() > 0
        ? row(Verdict.EQUAL, "", during, differences)
        : row(Verdict.KEPT_ON_TCP, during.mainReason(), during, differences);
  }

  private Optional<String> wrongPath(HostStats during) {
    Expectation expectation = judged.expectation(variant);
    if (!expectation.isMetBy(during.bytesRedirected())) {
      return Optional.of(
          expectation == Expectation.REDIRECTED
              ? "nothing was redirected: " + during.mainReason()
              : during.bytesRedirected() + " bytes were redirected (expected: none)");
    }
    // a case must not pass because the node never saw its connections
    if (during.bytesRedirected() == 0 && during.mainReason().isEmpty()) {
      return Optional.of("the node gives no reason why nothing was redirected");
    }
    return otherReason(during);
  }

  private Optional<String> otherReason(HostStats during) {
    Set<String> right = judged.reasons(variant);
    return right.isEmpty() || during.bytesRedirected() > 0 || right.contains(during.mainReason())
        ? Optional.empty()
        : Optional.of("kept on TCP for " + during.mainReason() + " (expected: " + right + ")");
  }

  private CaseRow row(Verdict verdict, String reason, HostStats during, List<String> differences) {
    return new CaseRow(
        judged.name(),
        variant,
        verdict,
        reason,
        during.bytesRedirected(),
        during.reasonsLine(),
        differences);
  }
}
