/**
 * Replicas of the control plane tell each other of their nodes: a node has a stream to one of them,
 * and each of them shall know all.
 *
 * <ol>
 *   <li>The replica that holds the Lease is the hub. Its address is in the Lease ({@link
 *       dev.shunt.cluster.replicas.ReplicaAddress}).
 *   <li>{@link dev.shunt.cluster.replicas.HubLink} of every other replica follows it.
 *   <li>{@link dev.shunt.cluster.replicas.PeerStream} sends what changed, the latest of each node,
 *       as fast as the other side takes it.
 *   <li>{@link dev.shunt.cluster.replicas.NodeDirectory} joins what this replica and others know.
 *       What a peer told is forgotten when its stream ends.
 * </ol>
 */
@NullMarked
package dev.shunt.cluster.replicas;

import org.jspecify.annotations.NullMarked;
