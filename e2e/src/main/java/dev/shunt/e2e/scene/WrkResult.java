package dev.shunt.e2e.scene;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one wrk run measured. Immutable.
 *
 * @param requests completed requests
 * @param durationMicros length of the run
 * @param bytes bytes read, headers included
 * @param errors connect, read, write and timeout errors and responses that were not 2xx or 3xx
 * @param p50Micros median latency
 * @param p99Micros 99th percentile latency
 * @param cdfMicros latency at 1 %, 2 % ... 99 % of the requests; empty when wrk did not say
 */
public record WrkResult(
    long requests,
    long durationMicros,
    long bytes,
    long errors,
    long p50Micros,
    long p99Micros,
    List<Double> cdfMicros) {
  /** Copies the list. */
  public WrkResult {
    cdfMicros = List.copyOf(cdfMicros);
  }

  private static final String MARK = "shunt-report";
  private static final String CDF_MARK = "shunt-cdf";

  /** wrk calls done() at the end with exact numbers (microseconds); its own text is rounded. */
  public static final String REPORT_SCRIPT =
      """
      done = function(summary, latency, requests)
        local e = summary.errors
        io.write(string.format(
          "shunt-report requests=%d duration_us=%d bytes=%d errors=%d p50_us=%d p99_us=%d\\n",
          summary.requests, summary.duration, summary.bytes,
          e.connect + e.read + e.write + e.status + e.timeout,
          latency:percentile(50), latency:percentile(99)))
        io.write("shunt-cdf")
        for percent = 1, 99 do io.write(" ", latency:percentile(percent)) end
        io.write("\\n")
      end
      """;

  /**
   * Reads the line that the report script printed.
   *
   * @throws SceneException when the line or a field is missing
   */
  public static WrkResult parse(String output) {
    String line =
        output
            .lines()
            .filter(l -> l.startsWith(MARK + " "))
            .findFirst()
            .orElseThrow(
                () -> new SceneException("parse wrk output failed: no line starts with " + MARK));
    Map<String, Long> fields = new HashMap<>();
    for (String field : line.substring(MARK.length() + 1).strip().split(" ", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        fields.put(field.substring(0, equals), number(line, field.substring(equals + 1)));
      }
    }
    return new WrkResult(
        need(fields, "requests"),
        need(fields, "duration_us"),
        need(fields, "bytes"),
        need(fields, "errors"),
        need(fields, "p50_us"),
        need(fields, "p99_us"),
        cdf(output));
  }

  private static List<Double> cdf(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith(CDF_MARK + " "))
        .flatMap(line -> Stream.of(line.substring(CDF_MARK.length()).strip().split(" ", -1)))
        .map(Double::valueOf)
        .toList();
  }

  private static long number(String line, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new SceneException("parse wrk output failed: not a number in: " + line, e);
    }
  }

  private static long need(Map<String, Long> fields, String name) {
    Long value = fields.get(name);
    if (value == null) {
      throw new SceneException("parse wrk output failed: no field " + name);
    }
    return value;
  }

  /** Completed requests by time. */
  public double requestsPerSecond() {
    return requests * 1e6 / durationMicros;
  }
}
