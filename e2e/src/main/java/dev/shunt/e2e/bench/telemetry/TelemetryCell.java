package dev.shunt.e2e.bench.telemetry;

import dev.shunt.observe.trace.TraceModule;
import java.util.List;

/**
 * A module under one kind of traffic.
 *
 * @param module that is switched
 * @param traffic meanwhile
 */
record TelemetryCell(TraceModule module, TelemetryTraffic traffic) {
  static final List<TelemetryCell> ALL =
      List.of(
          new TelemetryCell(TraceModule.CONNECT, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.STATES, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.RTT, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.PROFILE, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.HTTP, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.CONNECT, TelemetryTraffic.CONNECTION_EACH),
          new TelemetryCell(TraceModule.STATES, TelemetryTraffic.CONNECTION_EACH),
          new TelemetryCell(TraceModule.RTT, TelemetryTraffic.CONNECTION_EACH),
          new TelemetryCell(TraceModule.FASTOPEN, TelemetryTraffic.CONNECTION_EACH),
          new TelemetryCell(TraceModule.HTTP, TelemetryTraffic.CONNECTION_EACH),
          new TelemetryCell(TraceModule.JVM, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.TLS, TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(TraceModule.TLS, TelemetryTraffic.TLS_KEEP_ALIVE),
          new TelemetryCell(TraceModule.TLS, TelemetryTraffic.TLS_CONNECTION_EACH),
          new TelemetryCell(TraceModule.HTTP_TLS, TelemetryTraffic.TLS_KEEP_ALIVE));

  /** Hundredths of the requests a second that the module may cost; it looks at payload for HTTP. */
  int goalPercent() {
    return module == TraceModule.HTTP || module == TraceModule.HTTP_TLS ? 5 : 1;
  }
}
