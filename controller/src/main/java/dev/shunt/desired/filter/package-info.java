/**
 * Packet filters as immutable records, and what they mean.
 *
 * <ol>
 *   <li>The filters of an attachment point are ordered: the higher priority first, then by name.
 *       Their rules in their order are the rules of the point.
 *   <li>The first rule that matches a packet decides. A packet that no rule matches is allowed.
 *   <li>A rule in {@link dev.shunt.desired.filter.FilterMode#MONITOR} is counted and reported when
 *       it would have decided, and then passed over: the first enforcing rule that matches decides.
 *   <li>A packet of a fail-safe port meets only rules that allow, and rules of filters with {@link
 *       dev.shunt.desired.filter.Lockout#ALLOWED}.
 * </ol>
 *
 * <p>{@link dev.shunt.desired.filter.ReferenceMatcher} does this the obvious way, and is what the
 * programs are compared with. No I/O, no clock.
 */
@NullMarked
package dev.shunt.desired.filter;

import org.jspecify.annotations.NullMarked;
