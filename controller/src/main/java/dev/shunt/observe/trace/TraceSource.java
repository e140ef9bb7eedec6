package dev.shunt.observe.trace;

/** Where traces are opened. Implemented by the agent; read by {@code publish}. Thread-safe. */
public interface TraceSource {
  /**
   * Opens a trace, which ends with its sink. Returns when the module is attached.
   *
   * @throws TraceRefusedException it cannot be opened; the message is one sentence for the user
   */
  void trace(TraceQuery query, TraceSink sink);

  /** Why a trace was refused. */
  final class TraceRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Cause {
      /** The module does not know this filter. */
      INVALID,
      /** What was named does not exist. */
      NOT_FOUND,
      /** Too many read already. */
      TOO_MANY,
      /** The kernel refuses the module. */
      UNSUPPORTED
    }

    private final Cause cause;

    /** Refuses with one sentence. */
    public TraceRefusedException(Cause cause, String message) {
      super(message);
      this.cause = cause;
    }

    /** Whose fault it is. */
    public Cause kind() {
      return cause;
    }
  }
}
