package dev.shunt.observe;

import java.time.Instant;
import java.util.Locale;

/**
 * An endpoint that is observed instead of accelerated, because acceleration did it no good.
 * Immutable.
 *
 * @param endpoint name, as in {@link EndpointStatus}
 * @param cause what was seen
 * @param detail one sentence with the figures
 * @param since when it was taken back to TCP
 * @param retry when it is accelerated again
 */
public record StandDown(String endpoint, Cause cause, String detail, Instant since, Instant retry) {
  /** What makes an endpoint stand down. */
  public enum Cause {
    /** Most messages of its members go by TCP, which is dearer for a member than for others. */
    MOSTLY_BY_TCP,
    /** The kernel refuses too many of its sockets. */
    REFUSED_SOCKETS,
    /** It was compared with itself on TCP, and moves less. */
    SLOWER_THAN_TCP;

    /** As metrics and documents spell it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
