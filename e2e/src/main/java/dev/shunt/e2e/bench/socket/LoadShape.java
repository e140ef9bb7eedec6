package dev.shunt.e2e.bench.socket;

import java.util.Locale;

/** What travels over a connection; as {@code enum shape} of e2e/load. */
public enum LoadShape {
  /** A message there, one of the same size back. */
  PINGPONG,
  /** One way, as fast as it goes. */
  STREAM,
  /** Connect, one message there and back, close. */
  CONNECT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
