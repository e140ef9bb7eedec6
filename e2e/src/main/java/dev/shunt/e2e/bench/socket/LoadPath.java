package dev.shunt.e2e.bench.socket;

/** How client and server reach each other. */
public enum LoadPath {
  /** In one network namespace, over loopback. */
  LOOPBACK(""),
  /**
   * In one network namespace; the client dials another address and iptables REDIRECT catches it.
   */
  REDIRECT("redirect/"),
  /** In two network namespaces, over veth and a bridge. */
  POD_TO_POD("pod-to-pod/");

  private final String prefix;

  LoadPath(String prefix) {
    this.prefix = prefix;
  }

  /** Start of the cell's name. */
  String prefix() {
    return prefix;
  }
}
