/**
 * What the control plane tells this node.
 *
 * <ol>
 *   <li>{@link dev.shunt.ingest.distribution.PolicyStream} gives the listener the last good
 *       snapshot from the disk, then connects.
 *   <li>{@link dev.shunt.ingest.distribution.NodeCertificates} gets a certificate for the node with
 *       the token of its pod, and the next one after two thirds of its time.
 *   <li>Each snapshot or delta becomes a whole snapshot ({@link
 *       dev.shunt.ingest.distribution.SnapshotMerge}), whose digest is checked. The listener takes
 *       or refuses it; what it took is kept on the disk and acknowledged.
 *   <li>When the stream ends, another follows after a pause by chance, up to half a minute, so that
 *       thousands of nodes do not come at once. It resumes from the version that is held.
 * </ol>
 *
 * <p>Promises: nothing that fails here takes a policy away; a version that the listener refuses
 * leaves the last good one in force, on the disk too. The private key never touches the disk.
 */
@NullMarked
package dev.shunt.ingest.distribution;

import org.jspecify.annotations.NullMarked;
