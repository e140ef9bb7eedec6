package dev.shunt.observe.http;

/** A way through a connection, as the end that was watched sees it. */
public enum Way {
  /** It read this. */
  RECEIVED(0),
  /** It wrote this. */
  SENT(1);

  private final int number;

  Way(int number) {
    this.number = number;
  }

  /** The data path's number, {@code enum trace_way}. */
  public int number() {
    return number;
  }

  /** By the data path's number. */
  public static Way of(int number) {
    return number == SENT.number ? SENT : RECEIVED;
  }

  /** The opposite way. */
  public Way other() {
    return this == RECEIVED ? SENT : RECEIVED;
  }
}
