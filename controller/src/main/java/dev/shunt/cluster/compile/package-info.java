/**
 * From facts about the cluster to what each node is told. Pure: no I/O, no threads, no clock.
 *
 * <ol>
 *   <li>{@link dev.shunt.cluster.compile.ClusterFacts} takes one fact after the other and says
 *       which nodes it touches: a pod its node, a policy the nodes that have a pod which it
 *       selects, before or after.
 *   <li>{@link dev.shunt.cluster.compile.SnapshotCompiler} makes the snapshot of one node from the
 *       pods of that node and the policies of their namespaces and of the cluster. Nothing else is
 *       looked at: the cost of a node grows with its pods, not with the cluster.
 *   <li>{@link dev.shunt.cluster.compile.NodePods} keeps what was decided for the pods of a node
 *       until a pod, a label or what a policy selects changes ({@link
 *       dev.shunt.cluster.compile.Revisions}). Most edits change what a policy says, and decide
 *       nothing anew.
 * </ol>
 *
 * <p>Promise: the same facts give the same snapshots, in whatever order they came.
 */
@NullMarked
package dev.shunt.cluster.compile;

import org.jspecify.annotations.NullMarked;
