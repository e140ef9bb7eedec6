package dev.shunt.observe;

import dev.shunt.observe.ConnectionVisitor.Visit;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections a reader wants. All parts must match; an empty part matches any. Immutable.
 *
 * @param port local or remote port; 0 for any
 * @param address local or remote address
 * @param placement namespace and endpoint by name, empty for any; its cgroup is not compared
 * @param steps any of these
 * @param reasons any of these, as the connection's reason
 * @param limit at most this many; 0 for all
 */
public record ConnectionFilter(
    int port,
    Optional<InetAddress> address,
    Placement placement,
    Set<Step> steps,
    Set<Reason> reasons,
    int limit) {
  /** Matches every connection. */
  public static final ConnectionFilter ALL =
      new ConnectionFilter(0, Optional.empty(), new Placement("", "", ""), Set.of(), Set.of(), 0);

  /** Copies the sets. */
  public ConnectionFilter {
    steps = Set.copyOf(steps);
    reasons = Set.copyOf(reasons);
  }

  /** True when the connection passes every part; the limit is not looked at. */
  public boolean matches(ConnectionView connection) {
    return matchesSocket(connection.socket())
        && matches(placement.namespace(), connection.placement().namespace())
        && matches(placement.endpoint(), connection.placement().endpoint())
        && (steps.isEmpty() || steps.contains(connection.progress().step()))
        && (reasons.isEmpty() || reasons.contains(connection.progress().reason()));
  }

  /**
   * Wraps a visitor so that it sees only what matches, and at most {@code limit} of it. The result
   * is for one pass and one thread.
   */
  public ConnectionVisitor select(ConnectionVisitor visitor) {
    return new Selection(this, visitor);
  }

  private boolean matchesSocket(SocketView socket) {
    boolean portMatches =
        port == 0 || socket.local().getPort() == port || socket.remote().getPort() == port;
    boolean addressMatches =
        address.isEmpty()
            || address.get().equals(socket.local().getAddress())
            || address.get().equals(socket.remote().getAddress());
    return portMatches && addressMatches;
  }

  private static boolean matches(String wanted, String actual) {
    return wanted.isEmpty() || wanted.equals(actual);
  }

  private static final class Selection implements ConnectionVisitor {
    private final ConnectionFilter filter;
    private final ConnectionVisitor visitor;
    private int seen;

    Selection(ConnectionFilter filter, ConnectionVisitor visitor) {
      this.filter = filter;
      this.visitor = visitor;
    }

    @Override
    public Visit visit(ConnectionView connection) {
      if (!filter.matches(connection)) {
        return Visit.CONTINUE;
      }
      seen++;
      Visit wish = visitor.visit(connection);
      return filter.limit > 0 && seen >= filter.limit ? Visit.STOP : wish;
    }
  }
}
