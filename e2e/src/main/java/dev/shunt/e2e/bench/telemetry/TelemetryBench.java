package dev.shunt.e2e.bench.telemetry;

import dev.shunt.agent.trace.TraceHub;
import dev.shunt.agent.trace.TraceNames;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneRequirements;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Switches a module off and on between slices of traffic, through the hub that a node has. One
 * thread measures; {@link #close} also from a shutdown hook.
 */
final class TelemetryBench implements AutoCloseable {
  private static final int SLICE_SECONDS = 2;

  private final Teardown teardown = new Teardown();
  private final Consumer<String> progress;

  TelemetryBench(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Measures every cell.
   *
   * @throws SceneException when it cannot go on; also when closed meanwhile
   */
  TelemetryReport measure(int rounds) {
    SceneRequirements.check();
    SceneSweep.removeLeftovers()
        .forEach(left -> progress.accept("removed leftover of an earlier run: " + left));
    HttpBed bed = teardown.add(HttpBed.open(SceneName.fresh("telemetry").toString()));
    TraceHub hub =
        teardown.add(new TraceHub(new Libbpf(), names(), consumer -> {}, OpenTrace.Rates.DEFAULT));
    for (TelemetryTraffic traffic : TelemetryTraffic.values()) {
      bed.run(traffic, SLICE_SECONDS); // caches and clocks
    }
    Map<TelemetryCell, List<TelemetryPair>> pairs = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (TelemetryCell cell : TelemetryCell.ALL) {
        pairs.computeIfAbsent(cell, key -> new ArrayList<>()).add(pair(bed, hub, cell, round));
      }
      progress.accept("round " + round + " of " + rounds);
    }
    return new TelemetryReport(pairs);
  }

  /** Nothing is named: that cost is of the reader's filter, not of the module. */
  private static TraceNames names() {
    return new TraceNames(
        Long::toUnsignedString,
        name -> OptionalLong.empty(),
        namespace -> "",
        new TraceNames.Cgroups(Long::toUnsignedString, path -> Optional.empty()));
  }

  /** Off first in every other round: what drifts hits both. */
  private static TelemetryPair pair(HttpBed bed, TraceHub hub, TelemetryCell cell, int round) {
    if (round % 2 == 0) {
      TelemetryPair.Slice off = bed.run(cell.traffic(), SLICE_SECONDS);
      return withModule(bed, hub, cell, Optional.of(off));
    }
    return withModule(bed, hub, cell, Optional.empty());
  }

  private static TelemetryPair withModule(
      HttpBed bed, TraceHub hub, TelemetryCell cell, Optional<TelemetryPair.Slice> before) {
    CountingSink sink = read(hub, cell.module());
    TelemetryPair.Slice on = bed.run(cell.traffic(), SLICE_SECONDS);
    sink.awaitEnd();
    TelemetryPair.Slice off = before.orElseGet(() -> bed.run(cell.traffic(), SLICE_SECONDS));
    return new TelemetryPair(off, on, sink.matched(), sink.shed());
  }

  private static CountingSink read(TraceHub hub, TraceModule module) {
    CountingSink sink = new CountingSink();
    hub.trace(
        new TraceQuery(
            module,
            new TraceQuery.Filter(0, 0, "", ""),
            Duration.ofSeconds(SLICE_SECONDS + 1), // longer than wrk needs to start
            Duration.ofSeconds(1)),
        sink);
    return sink;
  }

  boolean isClosed() {
    return teardown.isClosed();
  }

  @Override
  public void close() {
    teardown.close();
  }
}
