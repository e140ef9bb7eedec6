/**
 * Telemetry modules while somebody reads them. {@link dev.shunt.agent.trace.TraceHub} attaches a
 * module for its first reader; a {@link dev.shunt.agent.trace.TraceSession} reads its ring on a
 * thread of its own and hands each record to the readers whose bits it carries; with the last
 * reader the module leaves the kernel.
 */
@NullMarked
package dev.shunt.agent.trace;

import org.jspecify.annotations.NullMarked;
