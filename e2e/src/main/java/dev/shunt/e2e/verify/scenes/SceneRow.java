package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.bench.CellResult;
import dev.shunt.e2e.bench.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a scene gave. Immutable.
 *
 * @param shape of the scene
 * @param verdict of its behaviour
 * @param reason why it cannot run or failed; empty otherwise
 * @param differences between plain and accelerated, one a line
 * @param observations that were compared
 * @param hops under load
 * @param gain rounds of plain and accelerated
 */
record SceneRow(
    SceneShape shape,
    Verdict verdict,
    String reason,
    List<String> differences,
    int observations,
    List<HopRow> hops,
    Optional<CellResult> gain) {
  /** A hop below this is called not accelerated. */
  static final double LEAST_HOP_SHARE = 0.5;

  /** Goal for all bytes of the hops of an Istio scene. */
  static final double GOAL_SHARE = 0.9;

  private static final int SHOWN_DIFFERENCES = 2;

  SceneRow {
    differences = List.copyOf(differences);
    hops = List.copyOf(hops);
  }

  /** What can be said of a scene. */
  enum Verdict {
    EQUAL,
    /** This host cannot have it. */
    CANNOT_RUN,
    DIFFERENT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  static SceneRow impossible(SceneShape shape, String reason) {
    return new SceneRow(
        shape, Verdict.CANNOT_RUN, reason, List.of(), 0, List.of(), Optional.empty());
  }

  static SceneRow failed(SceneShape shape, String reason) {
    return new SceneRow(
        shape, Verdict.DIFFERENT, reason, List.of(), 0, List.of(), Optional.empty());
  }

  /** Of the bytes of all hops, those that were redirected. */
  double share() {
    long redirected = hops.stream().mapToLong(HopRow::bytesRedirected).sum();
    long all = redirected + hops.stream().mapToLong(HopRow::bytesByTcp).sum();
    return all <= 0 ? 0 : (double) redirected / all;
  }

  /** Why it is no pass; empty: it is one, or it cannot run. */
  String failure() {
    if (verdict == Verdict.CANNOT_RUN) {
      return "";
    }
    if (verdict == Verdict.DIFFERENT) {
      return reason.isEmpty() ? firstDifferences() : reason;
    }
    for (HopRow row : hops) {
      if (row.share() < LEAST_HOP_SHARE) {
        return "%s is not accelerated: share %.2f, %s"
            .formatted(row.hop().title(), row.share(), row.reasons());
      }
    }
    boolean isGoal = shape.mesh() == Mesh.ISTIO || shape.mesh() == Mesh.ISTIO_TPROXY;
    return isGoal && share() < GOAL_SHARE
        ? String.format(Locale.ROOT, "share %.2f (expected: %.2f or more)", share(), GOAL_SHARE)
        : "";
  }

  /** All of them are in the document. */
  private String firstDifferences() {
    int more = differences.size() - SHOWN_DIFFERENCES;
    return differences.stream().limit(SHOWN_DIFFERENCES).collect(Collectors.joining("; "))
        + (more > 0 ? "; and " + more + " more" : "");
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", shape.name());
    document.put("what", shape.what());
    document.put("verdict", verdict.toString());
    document.put("reason", reason.isEmpty() ? failure() : reason);
    document.put("observations", observations);
    document.put("differences", differences);
    document.put("share", Math.round(share() * 1000) / 1000.0);
    document.put("hops", hops.stream().map(HopRow::document).toList());
    document.put("spread", gain.flatMap(CellResult::spread).map(SceneRow::rounded).orElse(0.0));
    document.put("rounds", gain.map(result -> result.rounds().size()).orElse(0));
    Map<String, Object> ratios = new LinkedHashMap<>();
    ratios.put("rate", ratio(gain.flatMap(CellResult::rate)));
    ratios.put("p50", ratio(gain.flatMap(CellResult::p50)));
    ratios.put("cpu", ratio(gain.flatMap(CellResult::cpu)));
    document.put("ratios", ratios);
    return document;
  }

  private static Map<String, Object> ratio(Optional<Estimate> estimate) {
    Map<String, Object> ratio = new LinkedHashMap<>();
    estimate.ifPresent(
        value -> {
          ratio.put("median", rounded(value.median()));
          ratio.put("low", rounded(value.low()));
          ratio.put("high", rounded(value.high()));
        });
    return ratio;
  }

  private static double rounded(double ratio) {
    return Math.round(ratio * 1000) / 1000.0;
  }
}
