package dev.shunt.e2e.scene;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What one h2load run measured. Immutable.
 *
 * @param requests completed requests
 * @param durationMicros length of the run
 * @param bytes bytes of response bodies
 * @param errors failed, errored and timed out requests, responses that were not 2xx, and
 *     connections that ended before the run did
 * @param p50Micros median latency
 * @param p99Micros 99th percentile latency
 * @param cdfMicros latency at 1 %, 2 % ... 99 % of the requests
 */
public record H2LoadResult(
    long requests,
    long durationMicros,
    long bytes,
    long errors,
    long p50Micros,
    long p99Micros,
    List<Double> cdfMicros) {
  /** Copies the list. */
  public H2LoadResult {
    cdfMicros = List.copyOf(cdfMicros);
  }

  /** The time in this line holds connecting and stopping too; the rate does not. */
  private static final Pattern RATE = Pattern.compile("finished in [0-9.a-z]+, ([0-9.]+) req/s");

  private static final Pattern REQUESTS =
      Pattern.compile(" (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
  private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx, ");
  private static final Pattern BODIES = Pattern.compile("\\((\\d+)\\) data");

  private static final long MAX_LATENCY_MICROS = 60_000_000;
  private static final int DIGITS = 3;

  /**
   * Reads the summary and the log of single requests (start, status, microseconds).
   *
   * @throws SceneException when a part is missing
   */
  static H2LoadResult parse(String output, Stream<String> times) {
    Matcher requests = need(REQUESTS, output);
    long succeeded = number(requests, 1);
    long errors = number(requests, 2) + number(requests, 3) + number(requests, 4);
    long ok = number(need(STATUS, output), 1);
    Histogram latencies = latencies(times);
    return new H2LoadResult(
        succeeded,
        Math.round(succeeded * 1e6 / Double.parseDouble(need(RATE, output).group(1))),
        number(need(BODIES, output), 1),
        errors
            + Math.max(0, succeeded - ok)
            + output.lines().filter(H2LoadResult::closedEarly).count(),
        latencies.getValueAtPercentile(50),
        latencies.getValueAtPercentile(99),
        IntStream.range(1, 100).mapToObj(p -> (double) latencies.getValueAtPercentile(p)).toList());
  }

  private static Histogram latencies(Stream<String> times) {
    Histogram latencies = new Histogram(1, MAX_LATENCY_MICROS, DIGITS);
    times.forEach(
        line -> {
          String[] fields = line.split("\t", -1);
          if (fields.length < 3) {
            throw new SceneException("parse h2load log failed: not three columns in: " + line);
          }
          if (!fields[1].equals("-1")) { // a stream that the end of the run cut off
            latencies.recordValue(
                Math.max(1, Math.min(MAX_LATENCY_MICROS, Long.parseLong(fields[2]))));
          }
        });
    return latencies;
  }

  /** A server ended a connection: from then on fewer carried the load. */
  private static boolean closedEarly(String line) {
    return line.startsWith("Process Request Failure");
  }

  private static Matcher need(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new SceneException("parse h2load output failed: nothing matches " + pattern);
    }
    return matcher;
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  public double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }
}
