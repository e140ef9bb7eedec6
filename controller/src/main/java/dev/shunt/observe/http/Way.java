package dev.shunt.observe.http;

/** A way through a connection, as the end that was watched sees it. */
public enum Way {
  /** It read this. */
  RECEIVED,
  /** It wrote this. */
  SENT;

  /** The opposite way. */
  public Way other() {
    return this == RECEIVED ? SENT : RECEIVED;
  }
}
