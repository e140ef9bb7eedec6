package dev.shunt.desired.filter;

/** What to do with an XDP filter where another program holds the interface. Immutable. */
public enum XdpFallback {
  /** Report the interface as busy and leave it unfiltered. */
  NONE,
  /** Report the interface as busy and filter in its tc ingress. */
  TC
}
