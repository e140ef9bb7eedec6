package dev.shunt.e2e.bench.plane;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured of one size of cluster. Immutable.
 *
 * @param nodes how many
 * @param podsPerNode how many pods each has
 * @param connectSeconds until all nodes held their first snapshot
 * @param edit from a policy edit to each node's acknowledgement
 * @param pods from a pod event to its node's acknowledgement
 * @param peakMebibytes most memory (RSS) of the control plane
 */
record PlaneSample(
    int nodes,
    int podsPerNode,
    double connectSeconds,
    Times edit,
    Times pods,
    double peakMebibytes) {
  /**
   * Times in milliseconds.
   *
   * @param cpuMicros CPU time of the control plane for each node that it told
   */
  record Times(double p50, double p99, double max, double cpuMicros) {
    static Times of(Map<String, Double> answer) {
      return new Times(
          value(answer, "p50"), value(answer, "p99"), value(answer, "max"), value(answer, "cpu"));
    }

    Map<String, Object> document() {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("p50_ms", p50);
      document.put("p99_ms", p99);
      document.put("max_ms", max);
      document.put("cpu_us_per_node", cpuMicros);
      return document;
    }
  }

  static double value(Map<String, Double> answer, String name) {
    Double value = answer.get(name);
    if (value == null) {
      throw new IllegalStateException("no " + name + " in " + answer);
    }
    return value;
  }

  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("nodes", nodes);
    document.put("pods_per_node", podsPerNode);
    document.put("connect_s", connectSeconds);
    document.put("edit", edit.document());
    document.put("pod_event", pods.document());
    document.put("peak_rss_mib", peakMebibytes);
    return document;
  }
}
