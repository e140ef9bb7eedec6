package dev.shunt.reconcile.filter;

/**
 * Why a packet was dropped, or would have been. The numbers are those of {@code enum filter_reason}
 * of the data path. Immutable.
 */
public enum FilterReason {
  /** A rule denies it. */
  DENIED(0, "a rule denies it"),
  /** The bucket of the rule, or of the source, was empty. */
  RATE_LIMITED(1, "over the limit of a rule"),
  /** It ends before the headers that rules look at. */
  TRUNCATED(2, "ends within its headers"),
  /** A header contradicts itself. */
  BAD_HEADER(3, "a header contradicts itself"),
  /** More than two VLAN tags. */
  VLAN_TAGS(4, "more than two VLAN tags"),
  /** More IPv6 extension headers than the parser follows. */
  EXTENSION_HEADERS(5, "too many IPv6 extension headers"),
  /** A first fragment without the whole transport header (RFC 1858, RFC 7112). */
  TINY_FRAGMENT(6, "a first fragment without its transport header");

  private final int number;
  private final String text;

  FilterReason(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The reason with a number of the data path. */
  static FilterReason of(int number) {
    for (FilterReason reason : values()) {
      if (reason.number == number) {
        return reason;
      }
    }
    throw new IllegalArgumentException("filter reason: " + number + " (unknown)");
  }

  /** Number in the data path. */
  public int number() {
    return number;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** Whether no rule was asked because the packet cannot be read. */
  public boolean isOdd() {
    return this != DENIED && this != RATE_LIMITED;
  }
}
