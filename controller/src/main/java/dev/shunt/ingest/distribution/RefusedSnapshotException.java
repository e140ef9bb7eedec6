package dev.shunt.ingest.distribution;

/** A snapshot cannot be in force. The message is one sentence for the author of the policy. */
public final class RefusedSnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause cause;

  /** What is wrong with it. */
  public enum Cause {
    /** A document is not valid for this build. */
    INVALID_POLICY,
    /** More policies or rules than the node can hold. */
    TOO_LARGE,
    /** The kernel refuses to change its maps. */
    NOT_APPLIED
  }

  public RefusedSnapshotException(Cause cause, String message) {
    super(message);
    this.cause = cause;
  }

  /** What is wrong with it. */
  public Cause kind() {
    return cause;
  }
}
