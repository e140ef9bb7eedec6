package dev.shunt.observe.telemetry;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a histogram is divided. Immutable.
 *
 * @param bounds the largest value of each bucket in seconds, rising; one more bucket has the rest
 */
public record Buckets(List<Double> bounds) {
  /** Of what is counted only. */
  public static final Buckets NONE = new Buckets(List.of());

  /** From a round trip on one host to a request that waits for somebody. */
  public static final Buckets DURATIONS =
      new Buckets(
          List.of(
              0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
              0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0));

  private static final int FIRST_POWER = 3;
  private static final int LAST_POWER = 24;
  private static final double MICROS = 1e6;

  /** Powers of two in microseconds, from 8 us to 16.8 s: as the kernel's side counts them. */
  public static final Buckets ROUND_TRIPS =
      new Buckets(
          IntStream.rangeClosed(FIRST_POWER, LAST_POWER)
              .mapToObj(power -> (1L << power) / MICROS)
              .toList());

  /** Copies the list. */
  public Buckets {
    bounds = List.copyOf(bounds);
  }

  /** Number of buckets. */
  int size() {
    return bounds.size() + 1;
  }

  /** The bucket of a value. */
  int index(double seconds) {
    for (int i = 0; i < bounds.size(); i++) {
      if (seconds <= bounds.get(i)) {
        return i;
      }
    }
    return bounds.size();
  }

  /** The bucket of {@link #ROUND_TRIPS} that has values from 2^power to 2^(power+1) - 1 us. */
  static int roundTripIndex(int power) {
    return Math.max(0, Math.min(power + 1 - FIRST_POWER, LAST_POWER - FIRST_POWER + 1));
  }
}
