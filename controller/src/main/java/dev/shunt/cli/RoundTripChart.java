package dev.shunt.cli;

import dev.shunt.v1.TraceRoundTrips;
import dev.shunt.v1.TraceSocket;
import java.util.List;
import java.util.Locale;

/** A histogram of round trip times, drawn with characters. Stateless. */
final class RoundTripChart {
  private static final int BAR_CHARACTERS = 40;
  private static final double MICRO = 1e3;

  private RoundTripChart() {}

  /** Some lines. */
  static String of(TraceRoundTrips roundTrips, String place) {
    TraceSocket pair = roundTrips.getPair();
    StringBuilder text = new StringBuilder();
    text.append("%s -> %s  %s%n".formatted(pair.getLocalAddress(), pair.getRemoteAddress(), place));
    if (roundTrips.getCount() > 0) {
      text.append(
          "  %s samples, mean %s, from %s to %s%n"
              .formatted(
                  Units.count(roundTrips.getCount()),
                  TraceRows.duration(roundTrips.getMean()),
                  TraceRows.duration(roundTrips.getLeast()),
                  TraceRows.duration(roundTrips.getMost())));
      bars(text, roundTrips.getBucketsList());
    }
    if (roundTrips.getMessagesRedirected() > 0) {
      text.append(
          "  %s messages (%s) went past TCP: accelerated, TCP measures no round trip of them%n"
              .formatted(
                  Units.count(roundTrips.getMessagesRedirected()),
                  Units.bytes(roundTrips.getBytesRedirected())));
    }
    return text.append('\n').toString();
  }

  /** From the first bucket with a sample to the last one. */
  private static void bars(StringBuilder text, List<Long> buckets) {
    int first = 0;
    int last = buckets.size() - 1;
    while (first < last && buckets.get(first) == 0) {
      first++;
    }
    while (last > first && buckets.get(last) == 0) {
      last--;
    }
    long most = buckets.stream().mapToLong(Long::longValue).max().orElse(1);
    for (int bucket = first; bucket <= last; bucket++) {
      long count = buckets.get(bucket);
      int length = (int) Math.ceil((double) count * BAR_CHARACTERS / Math.max(1, most));
      text.append(
              String.format(
                  Locale.ROOT,
                  "  %8s .. %-8s %8s  |%-" + BAR_CHARACTERS + "s|",
                  Units.nanos(bucket == 0 ? 0 : (1L << bucket) * MICRO),
                  Units.nanos((1L << (bucket + 1)) * MICRO),
                  Units.count(count),
                  "@".repeat(length)))
          .append('\n');
    }
  }
}
