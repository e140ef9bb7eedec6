package dev.shunt.observe;

import dev.shunt.observe.telemetry.FamilySnapshot;
import dev.shunt.observe.trace.TraceSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The node as its readers see it. Implemented by the agent over the data path; read by {@code
 * publish}.
 *
 * <p>Threads: any thread may call any method; calls may run side by side. All but {@link
 * #subscribe} may block for as long as the kernel needs (milliseconds; the self-test seconds), so
 * they are never called on an event loop. Lifecycle: valid until the agent stops; then {@link
 * IllegalStateException}.
 *
 * <p>A kernel or disk error that keeps an answer from being given is an unchecked exception whose
 * message is one sentence for the user: operation, object, cause (errno), what happens next.
 */
public interface NodeView extends TapSource, TraceSource {
  /** The state now. */
  NodeStatus status();

  /** All counters now. */
  StatsSnapshot stats();

  /**
   * Walks every TCP connection of the watched namespaces, listeners left out, as they are now.
   * Implementations pass {@code filter.select(visitor)} to their walk.
   */
  void connections(ConnectionFilter filter, ConnectionVisitor visitor);

  /**
   * Finds one connection and says where it stands and why. Implementations look it up with {@link
   * ConnectionQuery#find} and explain it with {@link Explainer}.
   */
  Explanation explain(ConnectionQuery query);

  /**
   * Sets the mode that outranks policy; it survives restarts. {@code POLICY} gives the decision
   * back to policy. Live connections follow within a second.
   */
  ModeStatus setMode(Mode mode);

  /** Traits of workloads, learned ones and those that policy sets. */
  List<WorkloadTrait> traits();

  /**
   * Forgets learned traits; what goes on showing them is learned anew.
   *
   * @param which those that are meant
   * @return those that were forgotten
   */
  List<WorkloadTrait> forgetTraits(Predicate<WorkloadName> which);

  /**
   * Runs the self-test again in a namespace of its own. Calls that come while it runs wait for it
   * and get the same report.
   */
  SelfTestReport runSelfTest();

  /**
   * Delivers events from now on.
   *
   * @param types those wanted; empty for all
   * @param listener called on the node's event thread; must not block and not throw
   */
  Subscription subscribe(Set<EventType> types, Consumer<NodeEventView> listener);

  /** The filters. */
  FiltersView filters();

  /** What standing traces have counted, all families. */
  List<FamilySnapshot> telemetry();
}
