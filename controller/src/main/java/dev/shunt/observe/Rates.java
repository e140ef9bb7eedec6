package dev.shunt.observe;

import java.time.Duration;

/**
 * What happened per second between two readings of the same counters. Immutable.
 *
 * @param messagesRedirected per second
 * @param bytesRedirected per second
 * @param messagesPassed per second
 * @param bytesPassed per second
 * @param spills per second
 */
public record Rates(
    double messagesRedirected,
    double bytesRedirected,
    double messagesPassed,
    double bytesPassed,
    double spills) {
  /** Nothing happened. */
  public static final Rates ZERO = new Rates(0, 0, 0, 0, 0);

  /**
   * Rates between two readings. Counters that went back (new maps) count from 0.
   *
   * @param elapsed time between the readings; {@link #ZERO} is the answer when it is not positive
   */
  public static Rates between(Totals before, Totals after, Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    if (seconds <= 0) {
      return ZERO;
    }
    Traffic from = before.traffic();
    Traffic to = after.traffic();
    return new Rates(
        perSecond(from.messagesRedirected(), to.messagesRedirected(), seconds),
        perSecond(from.bytesRedirected(), to.bytesRedirected(), seconds),
        perSecond(from.messagesPassed(), to.messagesPassed(), seconds),
        perSecond(from.bytesPassed(), to.bytesPassed(), seconds),
        perSecond(before.spills(), after.spills(), seconds));
  }

  private static double perSecond(long from, long to, double seconds) {
    return (to >= from ? to - from : to) / seconds;
  }
}
