/**
 * Which policies hold for which pods, as immutable records and pure functions. Control plane and
 * node call the same ones.
 *
 * <ol>
 *   <li>A policy selects a pod when its namespace, pod, namespace and node selectors match and the
 *       pod's workload is within the canary's share. A namespaced policy selects in its namespace
 *       only. A selector that is not empty matches nothing whose labels are not known yet.
 *   <li>The policies that select a pod are ranked: namespaced with a pod selector, namespaced
 *       without one, cluster with any selector or a canary, cluster for everything; then the higher
 *       priority; then the older one; then by kind and name, so that there is always one answer.
 *   <li>Of kinds that exclude each other (acceleration) the first one wins and the others are
 *       shadowed on that pod. Of kinds that add up (connect policies, traffic filters) all hold, in
 *       the order that their own packages give them.
 *   <li>Every pod is an endpoint of its own; one that no policy selects is observed.
 * </ol>
 *
 * <p>The result depends on the inputs only: no I/O, no clock, no order of a hash.
 */
@NullMarked
package dev.shunt.desired.pod;

import org.jspecify.annotations.NullMarked;
