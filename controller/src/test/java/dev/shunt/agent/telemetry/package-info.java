/** Tests of telemetry that policy switches on. */
@NullMarked
package dev.shunt.agent.telemetry;

import org.jspecify.annotations.NullMarked;
