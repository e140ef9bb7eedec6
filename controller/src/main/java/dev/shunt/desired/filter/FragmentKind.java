package dev.shunt.desired.filter;

/** What piece of a datagram a packet is. Immutable; the order is that of the data path. */
public enum FragmentKind {
  /** All of it. */
  WHOLE,
  /** The first fragment, with the transport header. */
  FIRST,
  /** Any other fragment. */
  LATER
}
