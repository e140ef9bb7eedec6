package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent.Redirected;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Consumer;

/** Accelerated connections, and what they have sent past TCP so far. */
public interface RedirectedTraffic {
  /**
   * One end of an accelerated connection.
   *
   * @param cookie of its socket
   * @param pair between whom
   * @param localPort as it sees itself
   * @param remotePort as it sees the other end
   * @param sent past TCP since it began
   */
  record End(long cookie, Pair pair, int localPort, int remotePort, Redirected sent) {}

  /**
   * Two addresses, and whose the first is.
   *
   * @param netnsCookie network namespace
   * @param cgroupId cgroup
   * @param local of it
   * @param remote of the other end
   */
  record Pair(long netnsCookie, long cgroupId, InetAddress local, InetAddress remote) {}

  /**
   * Shows every accelerated connection of the watched namespaces. Some milliseconds.
   *
   * @return cookies of the namespaces that were shown as a whole
   */
  Set<Long> forEach(Consumer<End> consumer);
}
