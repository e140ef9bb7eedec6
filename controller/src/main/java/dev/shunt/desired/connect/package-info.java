/**
 * Rules about who may connect where, as immutable records, and what they mean.
 *
 * <ol>
 *   <li>Policies are ordered: the higher priority first, then by name. Their rules in their order
 *       are the rules of the node.
 *   <li>The first rule that matches an attempt decides. An attempt that no rule matches is allowed.
 *   <li>A rule in monitor mode is counted and reported when it would have decided, and then passed
 *       over: the first enforcing rule that matches decides.
 *   <li>An attempt to a fail-safe port meets only rules that allow, and rules of policies that
 *       allow lock-out.
 *   <li>A v4-mapped destination is the IPv4 one; the unspecified address is loopback, as it is for
 *       the kernel.
 * </ol>
 *
 * <p>{@link dev.shunt.desired.connect.ConnectMatcher} does this the obvious way; {@link
 * dev.shunt.desired.connect.ConnectTables} is what the programs look up. No I/O, no clock.
 */
@NullMarked
package dev.shunt.desired.connect;

import org.jspecify.annotations.NullMarked;
