package dev.shunt.e2e.verify.cluster;

import java.time.Duration;

/**
 * What one replica of the control plane counts. Stateless; blocks.
 *
 * @param namespace network namespace that it is asked from
 * @param address of the replica
 */
record PlaneMetrics(String namespace, String address) {
  /** A count is there some moments after the call. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private static final int PORT = 9465;

  /** Calls that were refused for a reason so far. */
  long refused(String reason) {
    return value("shunt_plane_refused_calls_total{reason=\"" + reason + "\"}");
  }

  /** A counter by its name with labels; 0 while it is not there. */
  long value(String series) {
    return text()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0L);
  }

  String text() {
    return HttpGet.from(namespace, "http://" + address + ":" + PORT + "/metrics");
  }
}
