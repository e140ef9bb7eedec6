package dev.shunt.datapath.programs;

/**
 * A program of somebody else on a hook that these programs use, or a map that holds sockets.
 *
 * @param hook e.g. {@code cgroup/sock_ops}, {@code tcx/ingress}, {@code xdp}, {@code sockhash}
 * @param where the cgroup, or {@code namespace:interface}; empty for a map
 * @param program name of the program, or of the map; at most 15 characters
 * @param id the kernel's number of it
 * @param owner process that holds it open; empty: none does, it is pinned or attached only
 */
public record Neighbour(String hook, String where, String program, int id, String owner) {}
