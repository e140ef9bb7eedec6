package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads TCP listeners and interface counters of the network namespace that a process is in, from
 * its /proc directory (proc(5)). Any thread; no state.
 */
public final class SocketTable {
  private static final String LISTEN_STATE = "0A"; // TCP_LISTEN, include/net/tcp_states.h

  private SocketTable() {}

  /** Whether a TCP socket listens on {@code port} in the namespace of {@code pid}. */
  static boolean listens(long pid, int port) {
    return listensIn(lines(pid, "tcp"), port) || listensIn(lines(pid, "tcp6"), port);
  }

  /** Parses the rows of /proc/PID/net/tcp or tcp6. */
  static boolean listensIn(List<String> rows, int port) {
    String wanted = String.format(":%04X", port);
    for (String row : rows) {
      String[] fields = row.strip().split("\\s+", 5);
      if (fields.length > 4 && fields[1].endsWith(wanted) && fields[3].equals(LISTEN_STATE)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes received on every interface (lo included) of the namespace of {@code pid}. */
  public static long deviceBytes(long pid) {
    return deviceBytesIn(lines(pid, "dev"));
  }

  /** Sums the receive-bytes column of /proc/PID/net/dev. */
  static long deviceBytesIn(List<String> rows) {
    long bytes = 0;
    for (String row : rows) {
      int colon = row.indexOf(':');
      if (colon > 0) {
        bytes += Long.parseLong(row.substring(colon + 1).strip().split("\\s+", 2)[0]);
      }
    }
    return bytes;
  }

  private static List<String> lines(long pid, String table) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table));
    } catch (IOException e) {
      return List.of(); // the process ended, or the kernel has no IPv6
    }
  }
}
