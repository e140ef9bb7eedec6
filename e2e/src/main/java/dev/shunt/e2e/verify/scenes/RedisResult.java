package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.SceneException;
import java.util.List;

/** Reads what {@code redis-benchmark --csv} prints. Pure. */
final class RedisResult {
  private static final double MICROS_PER_MILLI = 1000;

  private RedisResult() {}

  /**
   * Reads the line of the one test that was run.
   *
   * @param requests that it was given
   * @throws SceneException when the line or a column is missing
   */
  static SceneLoad.Result parse(String csv, int requests) {
    List<String> lines = csv.lines().filter(line -> line.startsWith("\"")).toList();
    if (lines.size() < 2) {
      throw new SceneException("parse redis-benchmark failed: no result in: " + csv.strip());
    }
    List<String> names = fields(lines.get(0));
    List<String> values = fields(lines.get(lines.size() - 1));
    return new SceneLoad.Result(
        requests,
        requests * 1e6 / value(names, values, "rps"),
        value(names, values, "p50_latency_ms") * MICROS_PER_MILLI,
        value(names, values, "p99_latency_ms") * MICROS_PER_MILLI);
  }

  private static List<String> fields(String line) {
    return List.of(line.replace("\"", "").split(",", -1));
  }

  private static double value(List<String> names, List<String> values, String name) {
    int column = names.indexOf(name);
    if (column < 0 || column >= values.size()) {
      throw new SceneException("parse redis-benchmark failed: no column " + name);
    }
    return Double.parseDouble(values.get(column));
  }
}
