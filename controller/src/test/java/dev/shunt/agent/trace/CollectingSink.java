package dev.shunt.agent.trace;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.grpc.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A reader that takes everything. Thread-safe. */
final class CollectingSink implements TraceSink {
  private final List<TraceEvent> events = new CopyOnWriteArrayList<>();
  private volatile boolean left;
  private volatile boolean ended;

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean hasLeft() {
    return left;
  }

  @Override
  public void event(TraceEvent event) {
    events.add(event);
  }

  @Override
  public void end() {
    ended = true;
  }

  void leave() {
    left = true;
  }

  boolean isEnded() {
    return ended;
  }

  /** Events of a kind so far. */
  <T extends TraceEvent> List<T> all(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The first event of a kind that is so; waits for it. */
  <T extends TraceEvent> T await(Class<T> kind, Predicate<T> condition) {
    Await.until("a " + kind.getSimpleName(), () -> all(kind).stream().anyMatch(condition));
    return all(kind).stream().filter(condition).findFirst().orElseThrow();
  }

  TraceEvent.Totals lastTotals() {
    List<TraceEvent.Totals> totals = all(TraceEvent.Totals.class);
    return totals.get(totals.size() - 1);
  }
}
