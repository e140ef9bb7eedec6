package dev.shunt.e2e.bench.chain;

import java.util.Locale;

/** What covers a chain. */
enum ChainVariant {
  /** Nothing: plain TCP. */
  PLAIN,
  /** A node that accelerates. */
  SHUNT,
  /** A node that pairs and counts and moves nothing. */
  OBSERVE;

  /** Name for cgroups, namespaces and documents. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
