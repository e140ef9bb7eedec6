package dev.shunt.datapath.libbpf;

/** Where an XDP program runs. Immutable; flags of include/uapi/linux/if_link.h. */
public enum XdpMode {
  /** In the driver, before the kernel has allocated anything. */
  NATIVE(4),
  /** Before the network stack, with any driver. */
  GENERIC(2);

  private final int flag;

  XdpMode(int flag) {
    this.flag = flag;
  }

  int flag() {
    return flag;
  }
}
