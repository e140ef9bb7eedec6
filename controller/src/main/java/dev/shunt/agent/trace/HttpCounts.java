package dev.shunt.agent.trace;

import dev.shunt.datapath.programs.OpenTrace;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * What the programs in the kernel count of HTTP. On the thread of the session.
 *
 * @param rates that bound rows
 * @param addMatched takes the place of a reader who is told a row
 * @param lost records that had no room, so far
 */
record HttpCounts(OpenTrace.Rates rates, IntConsumer addMatched, LongSupplier lost) {
  static HttpCounts of(OpenTrace trace) {
    return new HttpCounts(trace.rates(), trace::addMatched, trace::lost);
  }
}
