package dev.shunt.observe;

/**
 * Ends of connections counted since the pinned counters were created.
 *
 * @param paired ends that found their other end
 * @param adopted ends that became a member of the SOCKHASH
 * @param joined ends that redirected at least one message
 * @param closed paired ends that closed
 */
public record ConnectionTotals(long paired, long adopted, long joined, long closed) {
  /** Nothing counted. */
  public static final ConnectionTotals NONE = new ConnectionTotals(0, 0, 0, 0);

  /** The sum of both. */
  public ConnectionTotals plus(ConnectionTotals other) {
    return new ConnectionTotals(
        paired + other.paired,
        adopted + other.adopted,
        joined + other.joined,
        closed + other.closed);
  }
}
