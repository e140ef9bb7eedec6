/**
 * {@code shunt bench control-plane}: a control plane with simulated nodes.
 *
 * <ol>
 *   <li>{@link dev.shunt.e2e.bench.plane.PlaneChildCommand} runs the control plane in a process of
 *       its own, with the settings of a real one. Facts of a simulated cluster come in through the
 *       seam of its watches: there is no API server. It takes the times, from a fact to the node's
 *       acknowledgement.
 *   <li>{@link dev.shunt.e2e.bench.plane.NodesChildCommand} runs the nodes in another: each has a
 *       connection of its own with TLS and a certificate that it got with a token, and acknowledges
 *       every version as soon as it has read it.
 *   <li>{@link dev.shunt.e2e.bench.plane.PlaneBench} starts both for each size of cluster.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.bench.plane;

import org.jspecify.annotations.NullMarked;
