/**
 * Which telemetry is switched on where.
 *
 * <ol>
 *   <li>For each network namespace, or pod, one policy decides: the one that outranks the others
 *       that select it. What it does not name is off there.
 *   <li>A module is on as long as it is on anywhere; {@link
 *       dev.shunt.desired.telemetry.TelemetryPlan} says where.
 * </ol>
 */
@NullMarked
package dev.shunt.desired.telemetry;

import org.jspecify.annotations.NullMarked;
