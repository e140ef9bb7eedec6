/**
 * What telemetry modules cost: HTTP in a network namespace of its own, in slices with a module off
 * and on in turns, and the ratio of each pair.
 */
@NullMarked
package dev.shunt.e2e.bench.telemetry;

import org.jspecify.annotations.NullMarked;
