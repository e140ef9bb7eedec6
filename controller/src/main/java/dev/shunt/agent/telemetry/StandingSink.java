package dev.shunt.agent.telemetry;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a standing trace tells, and passes it on. Events come on the thread of the module;
 * {@link #leave} and the questions from any.
 */
final class StandingSink implements TraceSink {
  private static final Logger LOG = LoggerFactory.getLogger(StandingSink.class);

  private final TraceModule module;
  private final TraceSink onward;
  private final StandingCounts counts;
  private TraceEvent.@Nullable Totals last;
  private volatile String hook = "";
  private volatile String reason = "";
  private volatile boolean left;
  private volatile boolean ended;

  StandingSink(TraceModule module, TraceSink onward, StandingCounts counts) {
    this.module = module;
    this.onward = onward;
    this.counts = counts;
  }

  /** Wants no more. */
  void leave() {
    left = true;
  }

  boolean isEnded() {
    return ended;
  }

  /** Where the module is attached; empty before the first totals. */
  String hook() {
    return hook;
  }

  /** Why it has ended. */
  String reason() {
    return reason.isEmpty() ? "the module has failed" : reason;
  }

  @Override
  public boolean isReady() {
    return onward.isReady();
  }

  @Override
  public boolean hasLeft() {
    return left || onward.hasLeft();
  }

  @Override
  public void event(TraceEvent event) {
    if (event instanceof TraceEvent.Totals totals) {
      counts.add(last == null ? totals : last, totals); // others may have read the module before
      last = totals;
      hook = totals.hook();
      reason = totals.ended();
    } else if (event instanceof TraceEvent.Notice notice) {
      LOG.info("telemetry {}: {}", module, notice.text());
    } else {
      counts.event();
    }
    onward.event(event);
  }

  @Override
  public void end() {
    ended = true;
    onward.end();
  }
}
