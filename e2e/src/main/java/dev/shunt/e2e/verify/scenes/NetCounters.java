package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.SceneException;
import java.util.List;

/** Reads the kernel's own counters of a network namespace (proc(5)). Pure. */
final class NetCounters {
  /** Columns of /proc/net/dev after the colon: bytes received, and bytes sent. */
  private static final int RECEIVED = 0;

  private static final int SENT = 8;

  private NetCounters() {}

  /** Bytes that crossed {@code lo}: each is received once. */
  static long loopbackBytes(String dev) {
    return column(dev, "lo", RECEIVED);
  }

  /** Bytes that {@code eth0} received and sent. */
  static long deviceBytes(String dev) {
    return column(dev, "eth0", RECEIVED) + column(dev, "eth0", SENT);
  }

  private static long column(String dev, String device, int column) {
    for (String line : dev.lines().toList()) {
      String row = line.strip();
      if (row.startsWith(device + ":")) {
        String[] fields = row.substring(device.length() + 1).strip().split("\\s+", -1);
        return Long.parseLong(fields[column]);
      }
    }
    throw new SceneException("read /proc/net/dev failed: no device " + device);
  }

  /** Connections that a reset ended, and resets that were sent: from /proc/net/snmp. */
  static long resets(String snmp) {
    List<String> rows = snmp.lines().filter(line -> line.startsWith("Tcp: ")).toList();
    if (rows.size() != 2) {
      throw new SceneException("read /proc/net/snmp failed: no two rows Tcp");
    }
    List<String> names = List.of(rows.get(0).split(" ", -1));
    List<String> values = List.of(rows.get(1).split(" ", -1));
    long sum = 0;
    for (String name : List.of("EstabResets", "OutRsts")) {
      sum += Long.parseLong(values.get(names.indexOf(name)));
    }
    return sum;
  }
}
