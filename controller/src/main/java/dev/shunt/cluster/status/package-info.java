/**
 * What the author of a policy sees of it: status, conditions and Events. Only the replica that
 * holds the Lease writes.
 *
 * <ol>
 *   <li>{@link dev.shunt.cluster.status.Leadership} holds the Lease or waits for it.
 *   <li>{@link dev.shunt.cluster.status.StatusRules} makes the status of a policy of what is known:
 *       pure.
 *   <li>{@link dev.shunt.cluster.status.StatusWriter} goes through all policies, no more than a
 *       tenth of the time, and patches those whose status differs from what the API server has.
 *   <li>{@link dev.shunt.cluster.status.EventWriter} writes an Event when a condition turns bad.
 * </ol>
 */
@NullMarked
package dev.shunt.cluster.status;

import org.jspecify.annotations.NullMarked;
