package dev.shunt.observe.telemetry;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.util.function.Consumer;

/** Reads one standing trace. One thread, that of the module. */
final class MetricsSink implements TraceSink {
  private final Consumer<TraceEvent.Http> requests;
  private final EventSamples samples;

  MetricsSink(TelemetryMetrics metrics, Consumer<TraceEvent.Http> requests) {
    this.requests = requests;
    samples = new EventSamples(metrics);
  }

  /** All that comes is counted at once. */
  @Override
  public boolean isReady() {
    return true;
  }

  /** It stays as long as the trace. */
  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public void event(TraceEvent event) {
    samples.take(event);
    if (event instanceof TraceEvent.Http http) {
      requests.accept(http);
    }
  }

  @Override
  public void end() {
    // what was counted stays
  }
}
