package dev.shunt.observe;

/**
 * A telemetry module that policy has switched on since the node started. Immutable.
 *
 * @param module its name
 * @param namespaces how many network namespaces it is to look at now; 0: it is switched off again
 * @param hook that it is attached to; empty: it is not
 * @param error what is missing, one sentence; empty: nothing is
 * @param counts since the node started
 */
public record TelemetryStatus(
    String module, int namespaces, String hook, String error, Counts counts) {
  /**
   * What a module told and did not tell. Counts grow only.
   *
   * @param events told
   * @param shed over a rate
   * @param lost no room in the ring, or the kernel passed over the program
   * @param untracked no room in a table
   * @param unread could not be read
   * @param skipped what took them was too slow
   * @param unsampled connections that the share of a policy left out
   */
  public record Counts(
      long events,
      long shed,
      long lost,
      long untracked,
      long unread,
      long skipped,
      long unsampled) {
    /** Nothing yet. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);
  }

  /** Whether policy wants it now. */
  public boolean wanted() {
    return namespaces > 0;
  }

  /** Whether all that policy wants is seen. */
  public boolean complete() {
    return error.isEmpty() && wanted() == !hook.isEmpty();
  }
}
