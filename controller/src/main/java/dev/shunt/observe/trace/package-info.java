/**
 * Telemetry of the kernel as its readers see it: modules, what is asked of them, what they tell.
 * Pure.
 */
@NullMarked
package dev.shunt.observe.trace;

import org.jspecify.annotations.NullMarked;
