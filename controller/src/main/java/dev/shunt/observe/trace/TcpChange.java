package dev.shunt.observe.trace;

/**
 * A change from one TCP state to another.
 *
 * @param from before
 * @param to after
 * @param errnoValue of the socket at that moment; 0: none
 */
public record TcpChange(TcpState from, TcpState to, int errnoValue) {
  private static final int EPIPE = 32;
  private static final int ECONNRESET = 104;
  private static final int ECONNREFUSED = 111;

  /** Who ends a connection. */
  public enum Closer {
    /** This change closes nothing, or what was being closed goes on. */
    NOBODY,
    /** This end closed or shut down. */
    LOCAL,
    /** The other end closed or shut down. */
    REMOTE,
    /** The other end reset it. */
    REMOTE_RESET,
    /** This end gave up without a farewell. */
    LOCAL_ABORT,
    /** The network or a timer ended it. */
    TIMEOUT
  }

  /** Who ends the connection with this change. */
  public Closer closer() {
    if (to == TcpState.FIN_WAIT1) {
      return Closer.LOCAL;
    }
    if (to == TcpState.CLOSE_WAIT) {
      return Closer.REMOTE;
    }
    return to == TcpState.CLOSE ? closerOfEnd() : Closer.NOBODY;
  }

  private Closer closerOfEnd() {
    if (errnoValue == ECONNRESET || errnoValue == ECONNREFUSED || errnoValue == EPIPE) {
      return Closer.REMOTE_RESET;
    }
    if (errnoValue != 0) {
      return Closer.TIMEOUT;
    }
    return switch (from) {
      case ESTABLISHED, SYN_SENT, SYN_RECV, CLOSE_WAIT -> Closer.LOCAL_ABORT;
      case LISTEN -> Closer.LOCAL;
      default -> Closer.NOBODY;
    };
  }
}
