package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A reader that counts requests by their lines, and those that it was told before. Thread-safe. */
final class CountingRows implements TraceSink {
  private record Request(int port, long beginNanos) {}

  private final Map<String, Integer> counts = new TreeMap<>();
  private final Set<Request> seen = new HashSet<>();
  private int rows;
  private int doubled;
  private TraceEvent.Totals totals = new TraceEvent.Totals("", 0, 0, 0, 0, "");

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public synchronized void event(TraceEvent event) {
    if (event instanceof TraceEvent.Totals last) {
      totals = last;
    } else if (event instanceof TraceEvent.Http row) {
      rows++;
      counts.merge(
          row.exchange().request().path() + " " + row.exchange().answer().status(),
          1,
          Integer::sum);
      int port = row.subject().remote().getPort();
      doubled += seen.add(new Request(port, row.exchange().timing().beginNanos())) ? 0 : 1;
    }
  }

  @Override
  public void end() {
    // the test asks for what has come
  }

  synchronized int rows() {
    return rows;
  }

  synchronized int doubled() {
    return doubled;
  }

  synchronized Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }

  synchronized TraceEvent.Totals totals() {
    return totals;
  }
}
