package dev.shunt.observe.telemetry;

import dev.shunt.observe.http.TraceContext;
import java.time.Instant;

/**
 * A request that stands for a bucket, and can be looked up where traces are kept. Immutable.
 *
 * @param context of its trace, which is sampled
 * @param seconds it took
 * @param time of its beginning
 */
public record Exemplar(TraceContext context, double seconds, Instant time) {}
