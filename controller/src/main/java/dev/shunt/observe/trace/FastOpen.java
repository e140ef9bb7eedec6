package dev.shunt.observe.trace;

/** What came of TCP Fast Open in a handshake; numbers of {@code enum trace_fast_open}. */
public enum FastOpen {
  /** An ordinary handshake. */
  NONE(0),
  /** The client asked for a cookie. */
  ASKED(1),
  /** Data came with the SYN and was taken. */
  ACCEPTED(2),
  /** Data went with the SYN and had to be sent again. */
  REFUSED(3);

  private final int number;

  FastOpen(int number) {
    this.number = number;
  }

  /** The data path's number. */
  public int number() {
    return number;
  }

  /** By the data path's number; NONE for one that this build does not know. */
  public static FastOpen of(int number) {
    for (FastOpen outcome : values()) {
      if (outcome.number == number) {
        return outcome;
      }
    }
    return NONE;
  }
}
