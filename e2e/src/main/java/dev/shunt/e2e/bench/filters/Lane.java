package dev.shunt.e2e.bench.filters;

import java.util.Locale;

/** What packets meet on one of the veths. */
enum Lane {
  /** Nothing. */
  PLAIN,
  /** The XDP program without rules: what veth takes to make an XDP packet of a socket buffer. */
  XDP_IDLE,
  /** The XDP program with the rules. */
  XDP,
  /** The tc program with the rules. */
  TC,
  /** nftables with the same rules, where tc is too (netdev ingress). */
  NFTABLES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
