/**
 * From snapshots to nodes, over {@code shunt.v1.Distribution}.
 *
 * <ol>
 *   <li>{@link dev.shunt.cluster.distribute.PlaneLoop} owns the facts: one thread takes them, the
 *       latest of each key, and compiles the nodes that they touch; what concerns single nodes goes
 *       before what concerns many.
 *   <li>{@link dev.shunt.cluster.distribute.Distributor} knows the stream of each node.
 *   <li>{@link dev.shunt.cluster.distribute.NodeChannel} holds for one node the latest snapshot
 *       only. It sends the next one when the node answered the last and its stream takes more, so a
 *       slow node costs one snapshot of memory and no time of anybody else.
 * </ol>
 *
 * <p>Promises: nothing is sent before all watches have listed once, so a restart never empties a
 * node; a version that a node refused is not sent to it again.
 */
@NullMarked
package dev.shunt.cluster.distribute;

import org.jspecify.annotations.NullMarked;
