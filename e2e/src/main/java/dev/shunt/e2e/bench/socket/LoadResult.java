package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.bench.Sample;
import dev.shunt.e2e.scene.SceneException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code shunt-load drive} prints: one figure a line, its name first. Immutable.
 *
 * @param operations that ended
 * @param bytes that a stream moved
 * @param durationNanos of the run
 * @param p50Nanos median latency, 0 for streams
 * @param p99Nanos 99th percentile, likewise
 * @param cdfNanos as {@link Sample#cdfMicros}
 */
record LoadResult(
    long operations,
    long bytes,
    long durationNanos,
    long p50Nanos,
    long p99Nanos,
    List<Long> cdfNanos) {
  private static final double MEBIBYTE = 1 << 20;

  /**
   * Reads the lines.
   *
   * @throws SceneException a figure is missing, or no operation ended
   */
  static LoadResult parse(String lines) {
    try {
      Map<String, List<Long>> figures =
          lines.lines().collect(Collectors.toMap(LoadResult::name, LoadResult::values));
      LoadResult result =
          new LoadResult(
              one(figures, "operations"),
              one(figures, "bytes"),
              one(figures, "duration_ns"),
              one(figures, "p50_ns"),
              one(figures, "p99_ns"),
              figures.getOrDefault("cdf_ns", List.of()));
      if (result.operations > 0 && result.durationNanos > 0) {
        return result;
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new SceneException("parse result of shunt-load failed: " + lines.strip(), e);
    }
    throw new SceneException("drive load failed: no operation ended: " + lines.strip());
  }

  private static String name(String line) {
    return line.split(" ", 2)[0];
  }

  private static List<Long> values(String line) {
    return Arrays.stream(line.split(" ")).skip(1).map(Long::valueOf).toList();
  }

  private static long one(Map<String, List<Long>> figures, String name) {
    List<Long> values = figures.getOrDefault(name, List.of());
    if (values.size() != 1) {
      throw new IllegalArgumentException(name + ": " + values + " (expected: one figure)");
    }
    return values.get(0);
  }

  /**
   * As the benchmark counts.
   *
   * @param cpuMicros CPU time of the run
   */
  Sample sample(LoadShape shape, long cpuMicros) {
    double seconds = durationNanos / 1e9;
    if (shape == LoadShape.STREAM) {
      return new Sample(bytes / seconds, 0, 0, cpuMicros / (bytes / MEBIBYTE), List.of());
    }
    return new Sample(
        operations / seconds,
        p50Nanos / 1e3,
        p99Nanos / 1e3,
        (double) cpuMicros / operations,
        cdfNanos.stream().map(nanos -> nanos / 1e3).toList());
  }
}
