package dev.shunt.desired.filter;

/**
 * A token bucket. What finds a token is allowed, the rest denied.
 *
 * @param perSecond packets 1..10^9, or bytes 1,000..10^12, as the unit says
 * @param unit what is counted; a packet's bytes are those of its frame
 * @param burst tokens of a full bucket, in the same unit: packets 1..10^6, bytes 1,600..10^9
 * @param scope who shares a bucket
 */
public record RateLimit(long perSecond, Unit unit, long burst, Scope scope) {
  /** What a limit counts. */
  public enum Unit {
    /** Packets. */
    PACKETS(1, 1_000_000_000L, 1, 1_000_000L),
    /** Bytes; the smallest burst lets a full frame pass. */
    BYTES(1_000, 1_000_000_000_000L, 1_600, 1_000_000_000L);

    private final long rateMin;
    private final long rateMax;
    private final long burstMin;
    private final long burstMax;

    Unit(long rateMin, long rateMax, long burstMin, long burstMax) {
      this.rateMin = rateMin;
      this.rateMax = rateMax;
      this.burstMin = burstMin;
      this.burstMax = burstMax;
    }
  }

  /** Who shares a bucket. */
  public enum Scope {
    /** All packets that match the rule, on all its attachment points. */
    RULE,
    /** Those of one source address. */
    SOURCE
  }

  /** Checks the bounds. */
  public RateLimit {
    check("rate", perSecond, unit.rateMin, unit.rateMax);
    check("burst", burst, unit.burstMin, unit.burstMax);
  }

  private static void check(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + ": " + value + " (expected: " + least + ".." + most + ")");
    }
  }
}
