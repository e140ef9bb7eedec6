package dev.shunt.desired.filter;

/** Where in the kernel a filter sits. Immutable. */
public enum FilterHook {
  /** At the driver, before the kernel has made anything of the packet; incoming packets only. */
  XDP,
  /** At the interface's traffic control, both ways. */
  TC
}
