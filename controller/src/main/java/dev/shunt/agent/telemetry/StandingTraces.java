package dev.shunt.agent.telemetry;

import dev.shunt.agent.trace.StandingSource;
import dev.shunt.observe.TelemetryStatus;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one trace open for each telemetry module that policy switches on anywhere, and none for the
 * others. Works on a thread of its own, as to attach a module may take seconds. {@link #request}
 * and {@link #status} from any thread; started and closed by the node, closed before the source.
 */
public final class StandingTraces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandingTraces.class);

  /** Names of policies may lead to other network namespaces without anybody's saying so. */
  private static final Duration PASS = Duration.ofMillis(500);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StandingSource source;
  private final Supplier<Map<TraceModule, Map<Long, Integer>>> wanted;
  private final Function<TraceModule, TraceSink> sinks;
  private final Map<TraceModule, StandingTrace> traces = new ConcurrentSkipListMap<>();
  private final AtomicBoolean requested = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor executor;

  /**
   * Opens nothing yet.
   *
   * @param wanted by module: the share of connections, 1..100 percent, by the cookie of each
   *     network namespace for which policy switches it on; asked by the thread of this
   * @param sinks what takes the events of a module: always ready, counts what it drops. Asked each
   *     time that a module is attached; one sink is told by one thread at a time
   */
  public StandingTraces(
      StandingSource source,
      Supplier<Map<TraceModule, Map<Long, Integer>>> wanted,
      Function<TraceModule, TraceSink> sinks) {
    this.source = source;
    this.wanted = wanted;
    this.sinks = sinks;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "shunt-telemetry");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // what is asked after the end
  }

  /** Begins to follow policy. */
  public void start() {
    var unused =
        executor.scheduleWithFixedDelay(this::guardedPass, 0, PASS.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Policies or pods have changed: looks at once. */
  public void request() {
    if (requested.compareAndSet(false, true)) {
      executor.execute(this::guardedPass);
    }
  }

  /** A failed pass must not end the later ones. */
  private void guardedPass() {
    requested.set(false);
    try {
      pass(System.nanoTime());
    } catch (RuntimeException failed) {
      LOG.warn("follow telemetry policies failed: {}; retry in 0.5 s", failed.toString(), failed);
    }
  }

  /** What is quick goes first: no module waits for another one to be attached. */
  void pass(long nowNanos) {
    Map<TraceModule, Map<Long, Integer>> now = wanted.get();
    for (TraceModule module : now.keySet()) {
      traces.computeIfAbsent(module, fresh -> new StandingTrace(fresh, source, sinks));
    }
    traces.forEach((module, trace) -> trace.follow(now.getOrDefault(module, Map.of()), nowNanos));
    traces.forEach((module, trace) -> trace.attach(now.getOrDefault(module, Map.of()), nowNanos));
  }

  /** Modules that policy has switched on since the start, also those that are off again. */
  public List<TelemetryStatus> status() {
    return traces.values().stream().map(StandingTrace::status).toList();
  }

  /** Lets all modules go; the kernel detaches them when the source is closed, or a moment later. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("telemetry did not stop within {} s; stopping anyway", PATIENCE.toSeconds());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    traces.forEach((module, trace) -> trace.follow(Map.of(), System.nanoTime()));
  }
}
