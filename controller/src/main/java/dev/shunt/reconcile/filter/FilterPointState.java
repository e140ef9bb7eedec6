package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterName;
import java.util.List;

/**
 * One attachment point as it is.
 *
 * @param name {@code eth0/ingress}, {@code eth0/egress}, {@code pod-a/ingress}
 * @param device interface of the node that carries the program
 * @param ifindex of that interface
 * @param attachment how
 * @param condition empty when all is well; else e.g. {@code busy: ...}
 * @param filters that meet here, in order
 * @param rules in force
 * @param generation of the rules, raised by each change
 */
public record FilterPointState(
    String name,
    String device,
    int ifindex,
    Attachment attachment,
    String condition,
    List<FilterName> filters,
    int rules,
    long generation) {
  /** How a program is attached, from early to late. */
  public enum Attachment {
    /** XDP in the driver. */
    XDP_NATIVE,
    /** XDP before the network stack. */
    XDP_GENERIC,
    /** tc, through a link. */
    TCX,
    /** tc, through a filter of clsact. */
    CLSACT,
    /** Not at all, see the condition. */
    NONE
  }

  /** Copies the list. */
  public FilterPointState {
    filters = List.copyOf(filters);
  }
}
