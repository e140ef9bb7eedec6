package dev.shunt.e2e.bench.chain;

import java.util.Locale;

/** How traffic gets into the sidecars. */
enum Capture {
  /** Netfilter redirects it, as Istio's init container sets it up. */
  REDIRECT,
  /** Clients and proxies address the next sidecar themselves. */
  DIRECT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
