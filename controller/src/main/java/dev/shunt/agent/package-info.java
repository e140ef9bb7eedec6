/**
 * The node process: wiring and life cycle only.
 *
 * <ol>
 *   <li>Check what the host lacks, before anything is touched.
 *   <li>Load the programs on new or pinned maps, attach them; on a fresh start policy is off.
 *   <li>Hook the watched network namespaces; run the self-test; apply policy.
 *   <li>Serve the API; say that the node is ready.
 *   <li>One thread, {@link dev.shunt.agent.NodeLoop}, owns all that changes: namespaces, policy,
 *       sweeps.
 *   <li>Stop in reverse: API, loop, then drain or keep.
 * </ol>
 */
@NullMarked
package dev.shunt.agent;

import org.jspecify.annotations.NullMarked;
