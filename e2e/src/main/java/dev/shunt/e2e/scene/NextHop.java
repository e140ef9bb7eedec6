package dev.shunt.e2e.scene;

import java.util.Optional;

/**
 * Where a sidecar sends what its pod's application sends out. Immutable.
 *
 * @param address IPv4 address of the next hop
 * @param port its TCP port
 * @param choice whether the sidecar is told the address or asks the kernel for it
 */
public record NextHop(String address, int port, Choice choice) {
  /** How the sidecar knows. */
  public enum Choice {
    /** The address is in its configuration. */
    CONFIGURED,
    /** SO_ORIGINAL_DST of the redirected connection; a proxy that cannot ask is configured. */
    ORIGINAL_DESTINATION
  }

  /** An address that the sidecar's configuration names. */
  public static NextHop configured(String address, int port) {
    return new NextHop(address, port, Choice.CONFIGURED);
  }

  /** Where the redirected client wanted to go, which is this address in the scene. */
  public static NextHop originalDestination(String address, int port) {
    return new NextHop(address, port, Choice.ORIGINAL_DESTINATION);
  }

  /** The address to configure; empty when the proxy shall ask the kernel. */
  Optional<String> configuredAddress() {
    return choice == Choice.CONFIGURED ? Optional.of(address + ":" + port) : Optional.empty();
  }
}
