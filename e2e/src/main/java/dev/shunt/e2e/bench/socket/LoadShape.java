package dev.shunt.e2e.bench.socket;

import java.util.Locale;

/** What travels over a connection; as {@code enum shape} of e2e/load. */
public enum LoadShape {
  /** A message there, one of the same size back. */
  PINGPONG,
  /** One way, as fast as it goes. */
  STREAM,
  /** Connect, one message there and back, close. */
  CONNECT,
  /** As {@link #PINGPONG}; the message goes in writes of 64 bytes that TCP is told to merge. */
  CORKED,
  /** As {@link #PINGPONG}; the message goes in writes of 64 bytes that TCP sends one by one. */
  PIECES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
