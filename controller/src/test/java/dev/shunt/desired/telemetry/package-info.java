/** Tests of which telemetry is on where. */
@NullMarked
package dev.shunt.desired.telemetry;

import org.jspecify.annotations.NullMarked;
