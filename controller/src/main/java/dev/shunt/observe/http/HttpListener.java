package dev.shunt.observe.http;

/** Who is told what a conversation was about. Called by the thread that feeds the conversation. */
public interface HttpListener {
  /** Takes an exchange that is over. */
  void exchange(HttpExchange exchange);

  /** Counts that bytes were missing, and that requests may be missing because of it. */
  void lost();

  /**
   * Whether segments may have been lost. Asked where bytes are missing: if none were, whoever
   * copies has passed over whole requests with their responses.
   *
   * @param sinceNanos on the clock of the segments
   */
  boolean mayBeLost(long sinceNanos);
}
