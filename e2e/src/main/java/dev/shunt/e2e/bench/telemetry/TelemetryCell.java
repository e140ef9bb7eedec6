package dev.shunt.e2e.bench.telemetry;

import dev.shunt.observe.trace.TraceModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is switched, under one kind of traffic.
 *
 * @param module that is read or not; empty: a node that traces nothing runs or not
 * @param traffic meanwhile
 */
record TelemetryCell(Optional<TraceModule> module, TelemetryTraffic traffic) {
  private static final int GOAL_PERCENT = 1;

  /** It looks at payload. */
  private static final int GOAL_PERCENT_HTTP = 5;

  /** Without a node. */
  static final List<TelemetryCell> MODULES = modules();

  /** While a node accelerates. */
  static final List<TelemetryCell> ACCELERATED =
      List.of(
          of(TraceModule.RTT, TelemetryTraffic.ACCELERATED),
          of(TraceModule.HTTP, TelemetryTraffic.ACCELERATED));

  /** With a node and without. */
  static final List<TelemetryCell> IDLE_NODE =
      List.of(
          new TelemetryCell(Optional.empty(), TelemetryTraffic.KEEP_ALIVE),
          new TelemetryCell(Optional.empty(), TelemetryTraffic.CONNECTION_EACH));

  private static List<TelemetryCell> modules() {
    List<TelemetryCell> cells = new ArrayList<>();
    for (TelemetryTraffic traffic :
        List.of(TelemetryTraffic.KEEP_ALIVE, TelemetryTraffic.CONNECTION_EACH)) {
      cells.add(of(TraceModule.CONNECT, traffic));
      cells.add(of(TraceModule.STATES, traffic));
      cells.add(of(TraceModule.RTT, traffic));
      cells.add(of(TraceModule.HTTP, traffic));
    }
    cells.add(of(TraceModule.FASTOPEN, TelemetryTraffic.CONNECTION_EACH));
    cells.add(of(TraceModule.PROFILE, TelemetryTraffic.KEEP_ALIVE));
    cells.add(of(TraceModule.TLS, TelemetryTraffic.KEEP_ALIVE));
    cells.add(of(TraceModule.TLS, TelemetryTraffic.TLS_KEEP_ALIVE));
    cells.add(of(TraceModule.TLS, TelemetryTraffic.TLS_CONNECTION_EACH));
    cells.add(of(TraceModule.HTTP_TLS, TelemetryTraffic.TLS_KEEP_ALIVE));
    cells.add(of(TraceModule.JVM, TelemetryTraffic.JVM));
    return List.copyOf(cells);
  }

  static TelemetryCell of(TraceModule module, TelemetryTraffic traffic) {
    return new TelemetryCell(Optional.of(module), traffic);
  }

  /** All of them, as reports list them. */
  static List<TelemetryCell> all() {
    List<TelemetryCell> all = new ArrayList<>(IDLE_NODE);
    all.addAll(MODULES);
    all.addAll(ACCELERATED);
    return all;
  }

  /**
   * Hundredths of the requests a second that it may cost; empty: as little as can be, which is
   * nothing to miss.
   */
  OptionalInt goalPercent() {
    boolean isUnbound =
        module.filter(TraceModule.TLS::equals).isPresent()
            || module.filter(TraceModule.HTTP_TLS::equals).isPresent()
            || (isHttp() && traffic != TelemetryTraffic.ACCELERATED);
    return isUnbound
        ? OptionalInt.empty()
        : OptionalInt.of(isHttp() ? GOAL_PERCENT_HTTP : GOAL_PERCENT);
  }

  private boolean isHttp() {
    return module.filter(TraceModule.HTTP::equals).isPresent();
  }

  /** Whether the module has something to tell of this traffic. */
  boolean isSeen() {
    return module.isPresent() && !equals(of(TraceModule.TLS, TelemetryTraffic.KEEP_ALIVE));
  }

  /** The module, or what runs instead. */
  String what() {
    return module.map(TraceModule::toString).orElse("nothing traced");
  }
}
