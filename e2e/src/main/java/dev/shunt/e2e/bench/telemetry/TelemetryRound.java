package dev.shunt.e2e.bench.telemetry;

import dev.shunt.agent.trace.TraceHub;
import dev.shunt.agent.trace.TraceNames;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Every cell once. What comes first turns with the rounds: what drifts hits both sides. One thread.
 */
final class TelemetryRound {
  /** Longer than wrk needs to start and end. */
  private static final Duration READ =
      Duration.ofSeconds(TelemetryScene.SLICE_SECONDS).plusMillis(600);

  /** The kernel takes seconds to take many probes out of programs. */
  private static final Duration LEAVE = Duration.ofSeconds(30);

  private final TelemetryScene scene;
  private final boolean isEven;
  private final Map<TelemetryCell, TelemetryPair> pairs = new LinkedHashMap<>();
  private final Map<TelemetryTraffic, TelemetryPair.Slice> withNode = new HashMap<>();
  private final Map<TelemetryTraffic, TelemetryPair.Slice> withoutNode = new HashMap<>();

  /**
   * Prepares it.
   *
   * @param number from 1 on
   */
  TelemetryRound(TelemetryScene scene, int number) {
    this.scene = scene;
    isEven = number % 2 == 0;
  }

  /**
   * Measures. The slices with a node that traces nothing and those without any node lie next to
   * each other.
   */
  Map<TelemetryCell, TelemetryPair> measure() {
    if (isEven) {
      measureWithNode();
      runIdle(withoutNode);
      measure(TelemetryCell.MODULES);
    } else {
      measure(TelemetryCell.MODULES);
      runIdle(withoutNode);
      measureWithNode();
    }
    for (TelemetryCell cell : TelemetryCell.IDLE_NODE) {
      pairs.put(cell, new TelemetryPair(slice(withoutNode, cell), slice(withNode, cell), 0, 0));
    }
    return pairs;
  }

  private static TelemetryPair.Slice slice(
      Map<TelemetryTraffic, TelemetryPair.Slice> slices, TelemetryCell cell) {
    return Optional.ofNullable(slices.get(cell.traffic())).orElseThrow();
  }

  /** The accelerated cells first: a node works for some seconds after its start. */
  private void measureWithNode() {
    try (ChildNode node = scene.startNode()) {
      measure(TelemetryCell.ACCELERATED);
      long requests =
          TelemetryCell.ACCELERATED.stream()
              .map(cell -> Optional.ofNullable(pairs.get(cell)).orElseThrow())
              .mapToLong(pair -> pair.on().requests() + pair.off().requests())
              .sum();
      TelemetryScene.requireAccelerated(node.stats(), requests);
      runIdle(withNode);
    }
  }

  private void runIdle(Map<TelemetryTraffic, TelemetryPair.Slice> slices) {
    for (TelemetryCell cell : TelemetryCell.IDLE_NODE) {
      slices.put(cell.traffic(), scene.run(cell.traffic()));
    }
  }

  private void measure(List<TelemetryCell> cells) {
    for (TelemetryCell cell : cells) {
      pairs.put(cell, pair(cell, cell.module().orElseThrow()));
    }
  }

  private TelemetryPair pair(TelemetryCell cell, TraceModule module) {
    Optional<TelemetryPair.Slice> before =
        isEven ? Optional.of(scene.run(cell.traffic())) : Optional.empty();
    CountingSink sink = new CountingSink();
    TelemetryPair.Slice on = runTraced(module, cell.traffic(), sink);
    if (cell.isSeen() && sink.matched() == 0) {
      throw new SceneException(
          "trace %s under %s failed: it saw nothing".formatted(module, cell.traffic()));
    }
    TelemetryPair.Slice off = before.orElseGet(() -> scene.run(cell.traffic()));
    return new TelemetryPair(off, on, sink.matched(), sink.shed());
  }

  /** It has left the kernel when this returns: the next slice is to be without it. */
  private TelemetryPair.Slice runTraced(
      TraceModule module, TelemetryTraffic traffic, CountingSink sink) {
    TelemetryPair.Slice slice = runRead(module, traffic, sink);
    if (!Await.until(
        () -> Thread.getAllStackTraces().keySet().stream().noneMatch(TelemetryRound::isOfTrace),
        LEAVE)) {
      throw new SceneException("end trace %s failed: it is still attached".formatted(module));
    }
    return slice;
  }

  /** It ends when its module has left the kernel. */
  private static boolean isOfTrace(Thread thread) {
    return thread.getName().startsWith("shunt-trace-");
  }

  /** Through the hub that a node has. */
  private TelemetryPair.Slice runRead(
      TraceModule module, TelemetryTraffic traffic, CountingSink sink) {
    try (TraceHub hub =
        new TraceHub(new Libbpf(), names(), consumer -> Set.of(), OpenTrace.Rates.DEFAULT)) {
      hub.trace(
          new TraceQuery(module, new TraceQuery.Filter(0, 0, "", ""), READ, Duration.ofSeconds(1)),
          sink);
      TelemetryPair.Slice slice = scene.run(traffic);
      if (sink.isEnded()) {
        throw new SceneException(
            "trace %s under %s failed: it ended before the traffic".formatted(module, traffic));
      }
      sink.awaitEnd();
      return slice;
    }
  }

  /** Nothing is named: that cost is of the reader's filter, not of the module. */
  private static TraceNames names() {
    return new TraceNames(
        Long::toUnsignedString,
        name -> OptionalLong.empty(),
        namespace -> "",
        new TraceNames.Cgroups(Long::toUnsignedString, path -> Optional.empty()));
  }
}
