package dev.shunt.observe;

import dev.shunt.observe.telemetry.FamilySnapshot;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.observe.trace.TraceSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A {@link NodeView} without a kernel: a hand-written fixture for tests of what reads the view. It
 * keeps the interface's contract (filters, thread rules, modes) over values that the test sets.
 */
public final class InMemoryNode implements NodeView {
  private record Listener(Set<EventType> types, Consumer<NodeEventView> consumer) {}

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong statsReads = new AtomicLong();
  private volatile List<ConnectionView> connections = List.of();
  private volatile NodeStatus.Readiness readiness =
      new NodeStatus.Readiness(NodeStatus.State.READY, "");
  private volatile Mode override = Mode.POLICY;
  private volatile SelfTestReport selfTest = Samples.selfTest();
  private volatile StatsSnapshot stats = Samples.stats(1);
  private volatile List<WorkloadTrait> traits = List.of();
  private volatile TraceSource trace =
      (query, sink) -> {
        throw new TraceRefusedException(
            TraceRefusedException.Cause.UNSUPPORTED, "no trace in memory");
      };
  private volatile TapSource tap =
      (query, sink) -> {
        throw new TapRefusedException(TapRefusedException.Cause.TOO_MANY, "no tap in memory");
      };
  private final InMemoryFilters filters = new InMemoryFilters();
  private final TelemetryMetrics telemetry = new TelemetryMetrics();

  public void setConnections(List<ConnectionView> connections) {
    this.connections = List.copyOf(connections);
  }

  public void setReadiness(NodeStatus.State state, String detail) {
    readiness = new NodeStatus.Readiness(state, detail);
  }

  public void setTraits(List<WorkloadTrait> traits) {
    this.traits = List.copyOf(traits);
  }

  public void setTrace(TraceSource trace) {
    this.trace = trace;
  }

  public void setTap(TapSource tap) {
    this.tap = tap;
  }

  public void setSelfTest(SelfTestReport report) {
    selfTest = report;
  }

  public void setStats(StatsSnapshot stats) {
    this.stats = stats;
  }

  /** Delivers an event to all who want it, on the caller's thread. */
  public void emit(NodeEventView event) {
    for (Listener listener : listeners) {
      if (listener.types().isEmpty() || listener.types().contains(event.type())) {
        listener.consumer().accept(event);
      }
    }
  }

  public int listenerCount() {
    return listeners.size();
  }

  public long statsReads() {
    return statsReads.get();
  }

  @Override
  public NodeStatus status() {
    return Samples.status(readiness, mode());
  }

  @Override
  public StatsSnapshot stats() {
    statsReads.incrementAndGet();
    return stats;
  }

  @Override
  public void connections(ConnectionFilter filter, ConnectionVisitor visitor) {
    walk(filter.select(visitor));
  }

  @Override
  public Explanation explain(ConnectionQuery query) {
    return Explainer.explain(query, this::walk, connection -> Samples.facts());
  }

  @Override
  public ModeStatus setMode(Mode mode) {
    override = mode;
    return mode();
  }

  @Override
  public List<WorkloadTrait> traits() {
    return traits;
  }

  @Override
  public List<WorkloadTrait> forgetTraits(Predicate<WorkloadName> which) {
    List<WorkloadTrait> forgotten =
        traits.stream().filter(t -> t.use().isPresent() && which.test(t.workload())).toList();
    traits = traits.stream().filter(trait -> !forgotten.contains(trait)).toList();
    return forgotten;
  }

  @Override
  public SelfTestReport runSelfTest() {
    return selfTest;
  }

  @Override
  public Subscription subscribe(Set<EventType> types, Consumer<NodeEventView> listener) {
    Set<EventType> copy = types.isEmpty() ? Set.of() : EnumSet.copyOf(types);
    Listener added = new Listener(copy, listener);
    listeners.add(added);
    return () -> listeners.remove(added);
  }

  @Override
  public void tap(TapQuery query, TapSink sink) {
    tap.tap(query, sink);
  }

  @Override
  public void trace(TraceQuery query, TraceSink sink) {
    trace.trace(query, sink);
  }

  private ModeStatus mode() {
    return new ModeStatus(override == Mode.POLICY ? Mode.ACCELERATE : override, override);
  }

  private void walk(ConnectionVisitor visitor) {
    for (ConnectionView connection : new ArrayList<>(connections)) {
      if (visitor.visit(connection) == ConnectionVisitor.Visit.STOP) {
        return;
      }
    }
  }

  @Override
  public FiltersView filters() {
    return filters;
  }

  @Override
  public List<FamilySnapshot> telemetry() {
    return telemetry.snapshot();
  }

  /** What counts telemetry, for a test to feed. */
  public TelemetryMetrics memoryTelemetry() {
    return telemetry;
  }

  /** The filters, for a test to set. */
  public InMemoryFilters memoryFilters() {
    return filters;
  }
}
