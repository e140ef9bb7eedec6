package dev.shunt.observe;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What the node remembers of a workload. The numbers are the bits of {@code enum trait}. */
public enum Trait {
  /** splice() from a TCP socket. */
  SPLICE(0),
  /** FIONREAD on a TCP socket, where the kernel answers wrongly. */
  FIONREAD(1),
  /** Urgent data (MSG_OOB). */
  OOB(2),
  /** Zero-copy sends. */
  ZEROCOPY(3),
  /** TCP_INQ on an accelerated connection. */
  INQ(4),
  /** SO_PEEK_OFF on an accelerated connection. */
  PEEK_OFF(5),
  /** An accelerated connection became a stream of small writes. */
  SMALL_WRITES(6),
  /** Its connections end after a request. */
  ONE_REQUEST(7),
  /** Policy exempts it. */
  EXEMPT(16),
  /** Policy overrules what was learned of it. */
  FORCE(17);

  private final int bit;

  Trait(int bit) {
    this.bit = bit;
  }

  /** Its bit's number. */
  public int bit() {
    return bit;
  }

  /** Whether policy set it; the others are learned. */
  public boolean isConfigured() {
    return this == EXEMPT || this == FORCE;
  }

  /** As users see it: {@code small_writes}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Those whose bits are set. */
  public static Set<Trait> of(int bits) {
    EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
    for (Trait trait : values()) {
      if ((bits >>> trait.bit & 1) == 1) {
        traits.add(trait);
      }
    }
    return traits;
  }
}
