package dev.shunt.cli;

import com.google.protobuf.Timestamp;
import dev.shunt.v1.Totals;

/**
 * What happened per second between two readings of the same counters. Immutable.
 *
 * @param messagesRedirected per second
 * @param bytesRedirected per second
 * @param bytesPassed per second
 * @param spills per second
 */
record Rates(double messagesRedirected, double bytesRedirected, double bytesPassed, double spills) {
  /** Nothing happened. */
  static final Rates ZERO = new Rates(0, 0, 0, 0);

  /**
   * Rates between two readings. Counters that went back (new maps) count from 0.
   *
   * @param seconds between the readings; {@link #ZERO} is the answer when it is not positive
   */
  static Rates between(Totals before, Totals after, double seconds) {
    if (seconds <= 0) {
      return ZERO;
    }
    return new Rates(
        perSecond(before.getMessagesRedirected(), after.getMessagesRedirected(), seconds),
        perSecond(before.getBytesRedirected(), after.getBytesRedirected(), seconds),
        perSecond(before.getBytesPassed(), after.getBytesPassed(), seconds),
        perSecond(before.getSpills(), after.getSpills(), seconds));
  }

  /** Seconds from one time to another. */
  static double seconds(Timestamp from, Timestamp to) {
    return to.getSeconds() - from.getSeconds() + (to.getNanos() - from.getNanos()) / 1e9;
  }

  private static double perSecond(long from, long to, double seconds) {
    return (to >= from ? to - from : to) / seconds;
  }
}
