/** Tests of the telemetry benchmark's arithmetic. */
@NullMarked
package dev.shunt.e2e.bench.telemetry;

import org.jspecify.annotations.NullMarked;
