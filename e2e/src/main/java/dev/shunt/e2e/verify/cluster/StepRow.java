package dev.shunt.e2e.verify.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a step gave. Immutable.
 *
 * @param step that ran, or was to
 * @param verdict of it
 * @param took its time
 * @param message what it saw, or why it failed
 */
record StepRow(ClusterStep step, Verdict verdict, Duration took, String message) {
  /** What can be said of a step. */
  enum Verdict {
    PASS,
    FAIL,
    /** One before it failed. */
    NOT_RUN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Tenths are enough to see which step is slow. */
  double seconds() {
    return Math.round(took.toMillis() / 100.0) / 10.0;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", step.name());
    document.put("what", step.what());
    document.put("verdict", verdict.toString());
    document.put("seconds", seconds());
    document.put("message", message);
    return document;
  }
}
