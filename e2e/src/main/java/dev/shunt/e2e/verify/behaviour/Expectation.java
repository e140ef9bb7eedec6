package dev.shunt.e2e.verify.behaviour;

import java.util.Locale;

/** What has to happen to the bytes of a case, so that none is equal by standing aside. */
public enum Expectation {
  /** Bytes are redirected. */
  REDIRECTED,
  /** Every byte goes by TCP, and the node says why. */
  ON_TCP,
  /** Both are right: it depends on moments that the case cannot choose. */
  EITHER;

  /** Reads {@code redirected}, {@code on_tcp} or {@code either}. */
  static Expectation parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  boolean isMetBy(long bytesRedirected) {
    return switch (this) {
      case REDIRECTED -> bytesRedirected > 0;
      case ON_TCP -> bytesRedirected == 0;
      case EITHER -> true;
    };
  }
}
