package dev.shunt.desired.connect;

import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.IpFamily;

/**
 * Somebody wants to connect somewhere.
 *
 * @param caller who
 * @param protocol TCP or UDP
 * @param destination as the kernel takes it: never v4-mapped, never unspecified
 * @param port 0..65535
 */
public record ConnectAttempt(
    Caller caller, ConnectProtocol protocol, IpAddress destination, int port) {
  private static final int LOOPBACK = 0x7f000001;
  private static final long MAPPED = 0xffffL;

  /**
   * Who connects.
   *
   * @param executable absolute path; empty: none that a rule names
   * @param cgroup below the cgroup v2 root, starting with a slash
   * @param networkNamespace name
   */
  public record Caller(String executable, String cgroup, String networkNamespace) {}

  /** Brings the destination into its normal form. */
  public ConnectAttempt {
    if (protocol == ConnectProtocol.ANY) {
      throw new IllegalArgumentException("protocol: any (expected: TCP or UDP)");
    }
    destination = normal(destination);
  }

  private static IpAddress normal(IpAddress address) {
    IpAddress plain =
        address.high() == 0 && address.low() >>> Integer.SIZE == MAPPED
            ? IpAddress.v4((int) address.low())
            : address;
    if (plain.family() == IpFamily.V4) {
      return (int) plain.low() == 0 ? IpAddress.v4(LOOPBACK) : plain;
    }
    return plain.high() == 0 && plain.low() == 0 ? IpAddress.v6(0, 1) : plain;
  }
}
