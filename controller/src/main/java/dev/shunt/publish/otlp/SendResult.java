package dev.shunt.publish.otlp;

/**
 * What became of a call to the collector. Immutable.
 *
 * @param outcome of it
 * @param rejected what it did not take of a call that it took: spans, or points of metrics
 * @param cause why it failed, or why it rejected; empty: it did neither
 */
record SendResult(Outcome outcome, long rejected, String cause) {
  /** The collector took it all. */
  static final SendResult TAKEN = new SendResult(Outcome.TAKEN, 0, "");

  private static final int CAUSE_MAX = 300;

  /** What to do next. */
  enum Outcome {
    /** Nothing. */
    TAKEN,
    /** Send it again. */
    LATER,
    /** Send it again, and nothing else before: the collector did not answer in time. */
    SILENT,
    /** Drop it: it would be refused again. */
    REFUSED
  }

  /** Makes one line of what others wrote. */
  SendResult {
    String line = cause.replaceAll("[\\p{Cntrl}\\u007f-\\u009f]", "?");
    cause = line.substring(0, Math.min(line.length(), CAUSE_MAX));
  }

  /** The worse of two: what is to be sent again, then what was refused, then what was in part. */
  SendResult worse(SendResult other) {
    return other.badness() > badness() ? other : this;
  }

  private int badness() {
    return switch (outcome) {
      case TAKEN -> rejected > 0 ? 1 : 0;
      case REFUSED -> 2;
      case LATER -> 3;
      case SILENT -> 4;
    };
  }

  static SendResult taken(long rejected, String why) {
    return new SendResult(Outcome.TAKEN, rejected, why);
  }

  static SendResult later(String cause) {
    return new SendResult(Outcome.LATER, 0, cause);
  }

  static SendResult silent(String cause) {
    return new SendResult(Outcome.SILENT, 0, cause);
  }

  static SendResult refused(String cause) {
    return new SendResult(Outcome.REFUSED, 0, cause);
  }
}
