/**
 * Metrics of standing traces: what their events come to, for whoever asks now and then. Pure.
 *
 * <ol>
 *   <li>Each standing trace has a {@link dev.shunt.observe.trace.TraceSink} of {@link
 *       dev.shunt.observe.telemetry.TelemetryMetrics}, which takes all that it tells at once and
 *       keeps no event.
 *   <li>An event becomes a sample of one or two families ({@link
 *       dev.shunt.observe.telemetry.TelemetryFamily} is the list), with labels.
 *   <li>A family keeps a bounded number of combinations of labels, shared out among workloads
 *       ({@link dev.shunt.observe.FairTable}); what was not seen for long is forgotten. The samples
 *       of further ones are those of one combination, {@code other}, and are counted.
 *   <li>What traces tell as sums since their beginning counts by what it has grown.
 * </ol>
 */
@NullMarked
package dev.shunt.observe.telemetry;

import org.jspecify.annotations.NullMarked;
