package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.e2e.demo.ChildNode;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.observe.trace.TraceModule;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every cell once. What comes first turns with the rounds: what drifts hits both sides. One thread.
 */
final class TelemetryRound {
  /** Longer than wrk needs to start and end. */
  private static final Duration READ =
      Duration.ofSeconds(TelemetryScene.SLICE_SECONDS).plusMillis(600);

  /** With a slice to count in. One that takes longer does not count. */
  private static final Duration READ_AND_COUNT = READ.plusSeconds(TelemetryScene.SLICE_SECONDS);

  /** Until a reader takes no more time in one than in the next. */
  private static final int WARM_SLICES = 5;

  /** The kernel takes seconds to take many probes out of programs. */
  private static final Duration LEAVE = Duration.ofSeconds(30);

  private final Libbpf libbpf;
  private final TelemetryScene scene;
  private final Optional<ProgramCounter> counter;
  private final boolean isEven;
  private final Map<TelemetryCell, TelemetryPair> pairs = new LinkedHashMap<>();
  private final Map<TelemetryTraffic, TelemetryPair.Slice> withNode = new HashMap<>();
  private final Map<TelemetryTraffic, TelemetryPair.Slice> withoutNode = new HashMap<>();

  /**
   * Prepares it.
   *
   * @param counter empty: programs are not counted
   * @param number from 1 on
   */
  TelemetryRound(
      Libbpf libbpf, TelemetryScene scene, Optional<ProgramCounter> counter, int number) {
    this.libbpf = libbpf;
    this.scene = scene;
    this.counter = counter;
    isEven = number % 2 == 0;
  }

  /** Reads each module for some seconds: what the JVM compiles for that is no cost of a round. */
  void warmUp() {
    Map<TraceModule, TelemetryTraffic> seen = new EnumMap<>(TraceModule.class);
    for (TelemetryCell cell : TelemetryCell.MODULES) {
      cell.module().filter(module -> cell.isSeen()).ifPresent(m -> seen.put(m, cell.traffic()));
    }
    for (int slice = 0; slice < WARM_SLICES; slice++) {
      seen.forEach(this::runTraced);
    }
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
      pairs.put(
          cell,
          new TelemetryPair(
              slice(withoutNode, cell), slice(withNode, cell), 0, 0, Optional.empty()));
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
    Traced traced = runTraced(module, cell.traffic());
    if (cell.isSeen() && traced.sink().matched() == 0) {
      throw new SceneException(
          "trace %s under %s failed: it saw nothing".formatted(module, cell.traffic()));
    }
    TelemetryPair.Slice off = before.orElseGet(() -> scene.run(cell.traffic()));
    return new TelemetryPair(
        off, traced.on(), traced.sink().matched(), traced.sink().shed(), traced.counted());
  }

  /** What was measured while a module was read. */
  private record Traced(
      TelemetryPair.Slice on, Optional<CountedSlice> counted, CountingSink sink) {}

  /** It has left the kernel when this returns: the next slice is to be without it. */
  private Traced runTraced(TraceModule module, TelemetryTraffic traffic) {
    Traced traced = runRead(module, traffic);
    if (!Await.until(
        () -> Thread.getAllStackTraces().keySet().stream().noneMatch(TelemetryRound::isOfTrace),
        LEAVE)) {
      throw new SceneException("end trace %s failed: it is still attached".formatted(module));
    }
    return traced;
  }

  /** It ends when its module has left the kernel. */
  private static boolean isOfTrace(Thread thread) {
    return thread.getName().startsWith("shunt-trace-");
  }

  /** Counting costs too, so what is compared with a slice without the module is not counted. */
  private Traced runRead(TraceModule module, TelemetryTraffic traffic) {
    Duration duration = counter.isPresent() ? READ_AND_COUNT : READ;
    try (ReadModule read = ReadModule.open(libbpf, module, duration)) {
      TelemetryPair.Slice on = scene.run(traffic);
      if (read.sink().isEnded()) {
        throw new SceneException(
            "trace %s under %s failed: it ended before the traffic".formatted(module, traffic));
      }
      Optional<CountedSlice> counted =
          counter
              .map(kernel -> kernel.count(read.programs(), () -> scene.run(traffic).requests()))
              .filter(slice -> !read.sink().isEnded()); // else part of it went unseen
      read.sink().awaitEnd();
      return new Traced(on, counted, read.sink());
    }
  }
}
