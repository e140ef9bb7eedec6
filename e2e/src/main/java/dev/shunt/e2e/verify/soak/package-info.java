/**
 * {@code shunt verify soak}: whether a node that works for long grows.
 *
 * <ol>
 *   <li>Checksummed load runs on a bed with a node, 100 new connections a second come and go, modes
 *       flip, the pod with the load is restarted, and pods with a policy of their own come and go.
 *   <li>Every few seconds the node is measured: memory, descriptors, threads, map rows, and what
 *       the kernel holds for its maps.
 *   <li>A figure leaks when its median of the last third lies above that of the first third,
 *       warm-up left out, by more than its tolerance.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.verify.soak;

import org.jspecify.annotations.NullMarked;
