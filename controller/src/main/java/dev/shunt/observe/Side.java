package dev.shunt.observe;

/** Which end of a connection a socket is. Ordinals are those of {@code enum side} in layout.h. */
public enum Side {
  /** The end that called connect(). */
  ACTIVE,
  /** The end that was accepted. */
  PASSIVE
}
