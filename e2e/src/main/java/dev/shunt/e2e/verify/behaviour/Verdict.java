package dev.shunt.e2e.verify.behaviour;

import java.util.Locale;

/** What the comparison of a case on plain TCP and accelerated found. */
public enum Verdict {
  /** The same observations, and bytes were redirected. */
  EQUAL,
  /** The same observations, and every byte went by TCP, for the reason in the row. */
  KEPT_ON_TCP,
  /** Other observations, exactly in the way that docs/compatibility.md names. */
  DEVIATION,
  /**
   * Other observations; or nothing was redirected where it has to be; or the case is wrong by
   * itself.
   */
  DIFFERENT;

  /** As documents and tables show it: {@code kept-on-tcp}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
