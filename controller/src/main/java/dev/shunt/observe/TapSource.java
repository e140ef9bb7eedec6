package dev.shunt.observe;

/**
 * Where messages of accelerated connections are shown. Implemented by the agent; read by {@code
 * publish}. Thread-safe.
 */
public interface TapSource {
  /**
   * Opens a tap, which ends with its sink. Returns at once.
   *
   * @throws TapRefusedException it cannot be opened; the message is one sentence for the user
   */
  void tap(TapQuery query, TapSink sink);

  /** Why a tap was refused. */
  final class TapRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Cause {
      /** What was named does not exist. */
      NOT_FOUND,
      /** Too many taps are open. */
      TOO_MANY
    }

    private final Cause cause;

    /** Refuses with one sentence. */
    public TapRefusedException(Cause cause, String message) {
      super(message);
      this.cause = cause;
    }

    /** Whose fault it is. */
    public Cause kind() {
      return cause;
    }
  }
}
