/**
 * Telemetry that policy switches on: one trace of each module for all that policies select, open as
 * long as they select anything.
 */
@NullMarked
package dev.shunt.agent.telemetry;

import org.jspecify.annotations.NullMarked;
