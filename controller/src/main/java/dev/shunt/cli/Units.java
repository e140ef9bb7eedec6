package dev.shunt.cli;

import java.util.Locale;

/** Numbers for people. Stateless. */
final class Units {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
  private static final String[] SECONDS = {"ns", "us", "ms"};

  private Units() {}

  /** {@code 1.5 MiB}. */
  static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** {@code 1.5 MiB}, of a rate. */
  static String bytes(double bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    return (unit == 0 ? whole(value) : short3(value)) + " " + BINARY[unit];
  }

  /** {@code 1.5M}; whole numbers below 10,000. */
  static String count(long count) {
    return count((double) count);
  }

  /** {@code 1.5M}, of a rate; whole numbers below 10,000. */
  static String count(double count) {
    if (count < 10_000) {
      return whole(count);
    }
    double value = count;
    int unit = 0;
    while (value >= 1000 && unit < DECIMAL.length - 1) {
      value /= 1000;
      unit++;
    }
    return short3(value) + DECIMAL[unit];
  }

  /** {@code 350 ns}, {@code 1.2 us}, {@code 4.5 s}, {@code 3m12s}, {@code 2h05m}, {@code 4d03h}. */
  static String nanos(double nanos) {
    double value = nanos;
    for (String unit : SECONDS) {
      if (value < 1000) {
        return (unit.equals("ns") ? whole(value) : short3(value)) + " " + unit;
      }
      value /= 1000;
    }
    long seconds = (long) value;
    if (value < 60) {
      return short3(value) + " s";
    }
    if (seconds < 3600) {
      return format("%dm%02ds", seconds / 60, seconds % 60);
    }
    return seconds < 86_400
        ? format("%dh%02dm", seconds / 3600, seconds / 60 % 60)
        : format("%dd%02dh", seconds / 86_400, seconds / 3600 % 24);
  }

  /** {@code 97.3 %}; {@code -} when there is nothing to share. */
  static String share(long part, long all) {
    return all == 0 ? "-" : format("%.1f %%", 100.0 * part / all);
  }

  private static String whole(double value) {
    return format("%.0f", value);
  }

  private static String short3(double value) {
    return format(value < 9.95 ? "%.2f" : value < 99.5 ? "%.1f" : "%.0f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
