/**
 * Telemetry to a collector by the OpenTelemetry protocol (OTLP 1): metrics of the node, and a span
 * for each request of HTTP that standing traces tell.
 *
 * <ol>
 *   <li>A trace hands each request to {@link dev.shunt.publish.otlp.OtlpExporter#offer}, which
 *       drops it or queues it and never waits.
 *   <li>One thread makes batches of what is queued, and of the metrics when they are due.
 *   <li>What a collector cannot take now is sent again, the same spans with the same ids, with
 *       pauses that grow; what it refuses is dropped. All that is dropped is counted.
 * </ol>
 *
 * <p>Loaded only when a node is told to export.
 */
@NullMarked
package dev.shunt.publish.otlp;

import org.jspecify.annotations.NullMarked;
