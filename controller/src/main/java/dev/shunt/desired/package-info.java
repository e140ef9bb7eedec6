/**
 * What this node must look like, as immutable records, and the pure functions that compile policies
 * into it.
 *
 * <ol>
 *   <li>Policies are ranked: the most specific selector first (executable over cgroup over network
 *       namespace over none, a deeper cgroup over its ancestors, a namespaced policy over a cluster
 *       one), then the higher priority, then the older one, then the file that sorts first.
 *   <li>Each policy is one endpoint with a stable id. Of two policies with the same selector the
 *       one that ranks first is in force, the other is reported as shadowed.
 *   <li>Executable and cgroup selectors become selectors of the data path, network namespaces rows
 *       of their own, and a policy that selects nothing in particular the default endpoint.
 *   <li>The mode override replaces the mode of every endpoint and the ceiling over them.
 * </ol>
 *
 * <p>The result depends on its inputs only: no I/O, no clock, no order of a hash.
 */
@NullMarked
package dev.shunt.desired;

import org.jspecify.annotations.NullMarked;
