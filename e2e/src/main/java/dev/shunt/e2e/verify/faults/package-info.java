/**
 * {@code shunt verify faults}: what goes wrong on a host, under checksummed load.
 *
 * <ol>
 *   <li>Each fault gets a bed, a node and a load of its own; the load redirects before it strikes.
 *   <li>The fault strikes, says what a user saw, and how long it took until bytes are redirected
 *       again.
 *   <li>The load ends in order: every byte arrived, none was changed, no connection was reset.
 * </ol>
 */
@NullMarked
package dev.shunt.e2e.verify.faults;

import org.jspecify.annotations.NullMarked;
