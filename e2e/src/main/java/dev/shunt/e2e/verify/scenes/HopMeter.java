package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.SceneException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Follows the hops of an accelerated scene while load runs. Its thread reads the node's connections
 * and the devices again and again; the last reading before the load's connections close counts.
 */
final class HopMeter {
  /** Below this the first turns of the connections, which go by TCP, would weigh too much. */
  private static final long LEAST_BYTES = 4 << 20;

  private static final int ATTEMPTS = 4;

  private final CoveredScene scene;
  private final Map<Topology.Hop, Long> deviceBefore = new LinkedHashMap<>();
  private final Map<String, Long> redirectedBefore = new HashMap<>();
  private final Map<Topology.Hop, HopRow> rows = new LinkedHashMap<>();
  private volatile boolean isDone;

  private HopMeter(CoveredScene scene) {
    this.scene = scene;
    scene.connections().forEach(end -> redirectedBefore.put(end.cookie(), end.bytesRedirected()));
    hops().forEach(hop -> deviceBefore.put(hop, scene.bed().deviceBytes(hop)));
  }

  /**
   * Drives load and follows it.
   *
   * @param millis of the load
   * @return a row for each hop, in the order of a request
   * @throws SceneException when the load ended too early, again and again
   */
  static List<HopRow> measure(CoveredScene scene, int millis) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      HopMeter meter = new HopMeter(scene);
      meter.drive(attempt * millis);
      if (meter.rows.size() == meter.hops().size()) {
        return List.copyOf(meter.rows.values());
      }
    }
    throw new SceneException(
        "follow the hops failed: " + ATTEMPTS + " loads ended before their hops were read");
  }

  private void drive(int millis) {
    Thread thread = new Thread(this::follow, "hop-meter");
    thread.setDaemon(true);
    thread.start();
    try {
      scene.drive(millis);
    } finally {
      stop(thread);
    }
  }

  private void stop(Thread thread) {
    isDone = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Topology.Hop> hops() {
    return scene.bed().shape().topology().hops();
  }

  private void follow() {
    while (!isDone) {
      List<ConnectionEnd> ends = scene.connections();
      Map<Topology.Hop, Long> device = new LinkedHashMap<>();
      // after the connections: what TCP carried meanwhile makes a share too low, never too high
      hops().forEach(hop -> device.put(hop, scene.bed().deviceBytes(hop)));
      long clients = ends.stream().filter(end -> end.isOf(Role.CLIENT)).count();
      // read while the load still ran, with all of its connections
      if (clients >= SceneLoad.CONNECTIONS && !isDone) {
        keep(ends, device);
      }
    }
  }

  private void keep(List<ConnectionEnd> ends, Map<Topology.Hop, Long> device) {
    List<HopRow> read =
        hops().stream().map(hop -> row(hop, ends, device.getOrDefault(hop, 0L))).toList();
    if (read.stream().allMatch(row -> row.bytesRedirected() + row.bytesByTcp() >= LEAST_BYTES)) {
      read.forEach(row -> rows.put(row.hop(), row));
    }
  }

  private HopRow row(Topology.Hop hop, List<ConnectionEnd> ends, long deviceNow) {
    Map<String, ConnectionEnd> byCookie = new HashMap<>();
    ends.forEach(end -> byCookie.put(end.cookie(), end));
    List<ConnectionEnd> mine =
        ends.stream().filter(end -> end.isOf(hop.from()) && end.isActive()).toList();
    Map<String, Long> reasons = new TreeMap<>();
    long redirected = 0;
    for (ConnectionEnd end : mine) {
      redirected += added(end);
      ConnectionEnd other = byCookie.get(end.peer());
      if (other != null) {
        redirected += added(other);
      }
      if (!end.reason().equals("none")) {
        reasons.merge(end.reason(), 1L, Long::sum);
      }
    }
    long carried = deviceNow - deviceBefore.getOrDefault(hop, 0L);
    return new HopRow(hop, mine.size(), redirected, carried, reasons);
  }

  private long added(ConnectionEnd end) {
    return end.bytesRedirected() - redirectedBefore.getOrDefault(end.cookie(), 0L);
  }
}
