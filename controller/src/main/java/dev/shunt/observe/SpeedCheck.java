package dev.shunt.observe;

import java.time.Duration;
import java.util.Locale;

/**
 * Finds out whether an endpoint is slower than it would be on plain TCP. Its connections take turns
 * between the two, all at once: those of one endpoint share threads and CPUs, so that a few of them
 * on TCP would be held up by the rest. It is slower only when it was faster in every turn on TCP
 * than in any turn accelerated, by a margin. What else happens on the host would have to come and
 * go with the turns to look like that.
 *
 * <p>Without I/O and clock. One thread.
 */
public final class SpeedCheck {
  /** TCP must be faster by so much: what is less is nobody's loss. */
  static final double MARGIN = 1.1;

  /**
   * Turns on TCP, each with one accelerated before and after it. Where both ways are equally fast
   * and the margin is small against the noise, chance puts all of one kind above all of the other
   * once in 13! / (6! 7!) = 1716 checks.
   */
  static final int TURNS = 6;

  /** Ends paired in a window from which on their number tells more than what they sent. */
  static final long CONNECTIONS_MIN = 200;

  /** Of the redirected share at first: with less, its connections are still coming back. */
  private static final double BACK_SHARE = 0.8;

  private static final int PATIENCE = 3;

  /** Which way the connections go. */
  public enum Lane {
    /** As policy says. */
    ACCELERATED,
    /** All on TCP. */
    TCP
  }

  /** Whether another window is needed. */
  public enum Outcome {
    /** It is. */
    GOES_ON,
    /** Acceleration makes it no slower, or nothing can be told. */
    NOT_SLOWER,
    /** Acceleration makes it slower. */
    SLOWER
  }

  /**
   * What an endpoint did in a window.
   *
   * @param length of the window
   * @param bytes that its paired connections sent, whichever way they went
   * @param redirectedBytes of those
   * @param connections ends that were paired
   */
  public record Speed(Duration length, long bytes, long redirectedBytes, long connections) {
    private double redirectedShare() {
      return bytes == 0 ? 0 : (double) redirectedBytes / bytes;
    }
  }

  private Lane lane = Lane.ACCELERATED;
  private boolean settling;
  private boolean countsConnections;
  private double firstShare;
  private double fastestAccelerated;
  private double slowestTcp = Double.MAX_VALUE;
  private double logAccelerated;
  private double logTcp;
  private int acceleratedTurns;
  private int tcpTurns;
  private int discarded;

  /** Which way the connections have to go in the next window. */
  public Lane lane() {
    return lane;
  }

  /** Ends a window; the first one after each change of lanes is not looked at. */
  public Outcome end(Speed window) {
    if (settling) {
      settling = false;
      return Outcome.GOES_ON;
    }
    if (acceleratedTurns == 0) {
      countsConnections = window.connections() >= CONNECTIONS_MIN;
      firstShare = window.redirectedShare();
    }
    if (lane == Lane.ACCELERATED && window.redirectedShare() < firstShare * BACK_SHARE) {
      return ++discarded > PATIENCE ? Outcome.NOT_SLOWER : Outcome.GOES_ON;
    }
    note(perSecond(window));
    if (fastestAccelerated == 0 || slowestTcp <= fastestAccelerated * MARGIN) {
      return Outcome.NOT_SLOWER;
    }
    if (acceleratedTurns > TURNS) {
      return Outcome.SLOWER;
    }
    lane = lane == Lane.TCP ? Lane.ACCELERATED : Lane.TCP;
    settling = true;
    discarded = 0;
    return Outcome.GOES_ON;
  }

  private double perSecond(Speed window) {
    long amount = countsConnections ? window.connections() : window.bytes();
    return amount * 1e9 / window.length().toNanos();
  }

  private void note(double speed) {
    if (lane == Lane.TCP) {
      slowestTcp = Math.min(slowestTcp, speed);
      logTcp += Math.log(speed);
      tcpTurns++;
    } else {
      fastestAccelerated = Math.max(fastestAccelerated, speed);
      logAccelerated += Math.log(speed);
      acceleratedTurns++;
    }
  }

  /** One sentence with the figures of a check that ended with {@link Outcome#SLOWER}. */
  public String detail() {
    return String.format(
        Locale.ROOT,
        "accelerated it had %.2f times the %s a second that it had on TCP, over %d turns",
        Math.exp(logAccelerated / acceleratedTurns - logTcp / tcpTurns),
        countsConnections ? "connections" : "bytes",
        tcpTurns);
  }
}
