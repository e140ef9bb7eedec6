package dev.shunt.observe;

import java.util.List;

/**
 * A program of somebody else on a hook that the node uses, or a map of somebody else that holds
 * sockets. Immutable.
 *
 * @param hook e.g. {@code cgroup/sock_ops}, {@code tcx/ingress}, {@code xdp}, {@code sockhash}
 * @param where the cgroup, or {@code namespace:interface}; empty for a map
 * @param program name of the program, or of the map
 * @param id the kernel's number of it
 * @param owner process that holds it, e.g. {@code cilium-agent (pid 812)}; empty when none does
 */
public record NeighbourStatus(String hook, String where, String program, int id, String owner) {
  /** Every hook that is looked at. */
  public static final List<String> HOOKS =
      List.of(
          "cgroup/sock_ops",
          "cgroup/connect4",
          "cgroup/connect6",
          "cgroup/setsockopt",
          "tcx/ingress",
          "tcx/egress",
          "clsact/ingress",
          "clsact/egress",
          "xdp",
          "sockmap",
          "sockhash");

  /** One line for people. */
  public String text() {
    return "%s '%s' (id %d)%s%s"
        .formatted(
            hook,
            program,
            id,
            where.isEmpty() ? "" : " at " + where,
            owner.isEmpty() ? ", held by no process" : " of " + owner);
  }
}
