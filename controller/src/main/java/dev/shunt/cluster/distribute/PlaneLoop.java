package dev.shunt.cluster.distribute;

import dev.shunt.cluster.compile.ClusterFacts;
import dev.shunt.cluster.compile.Fact;
import dev.shunt.cluster.compile.FactSink;
import dev.shunt.cluster.compile.SnapshotCompiler;
import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.desired.snapshot.NodeSnapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the facts: takes them, compiles the nodes that they touch, and hands the
 * snapshots to the distributor. Every method may be called from any thread and returns at once.
 * Lifecycle: runs from {@link #start} until {@link #close}.
 */
public final class PlaneLoop implements FactSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PlaneLoop.class);

  /** Nodes compiled before new facts are looked at: a few milliseconds. */
  private static final int NODES_A_TURN = 32;

  private static final long CLOSE_MILLIS = 2000;

  /** Until nodes whose stream did not take their snapshot are offered it again. */
  private static final long OFFER_AGAIN_MILLIS = 1000;

  private final ClusterFacts facts = new ClusterFacts();
  private final SnapshotCompiler compiler = new SnapshotCompiler(facts);
  private final Distributor distributor;
  private final PlaneMeter meter;
  private final Thread thread = new Thread(this::run, "plane-loop");

  // Guarded by this.
  private Map<String, Fact> arrived = new LinkedHashMap<>();
  private List<Runnable> asked = new ArrayList<>();
  private Set<String> joined = new LinkedHashSet<>();
  private boolean synced;
  private boolean closed;

  // Owned by the thread.
  private final Set<String> single = new LinkedHashSet<>();
  private final Set<String> many = new LinkedHashSet<>();
  private final Set<String> failing = new LinkedHashSet<>();
  private long offerAgainNanos;

  private PlaneLoop(Distributor distributor, PlaneMeter meter) {
    this.distributor = distributor;
    this.meter = meter;
    thread.setDaemon(true);
  }

  /** Starts the thread; the distributor tells it of nodes that connect. */
  public static PlaneLoop start(Distributor distributor, PlaneMeter meter) {
    PlaneLoop loop = new PlaneLoop(distributor, meter);
    distributor.onJoin(loop::join);
    loop.thread.start();
    return loop;
  }

  @Override
  public synchronized void accept(Fact fact) {
    arrived.remove(fact.key()); // to the end: facts apply in the order of their last change
    arrived.put(fact.key(), fact);
    notifyAll();
  }

  @Override
  public synchronized void synced() {
    synced = true;
    notifyAll();
  }

  /** True once all watches have listed: from then on nodes are told. */
  public synchronized boolean isSynced() {
    return synced;
  }

  /** Compiles a node that connected. */
  private synchronized void join(String node) {
    joined.add(node);
    notifyAll();
  }

  /** Answers a question about the facts on the thread that owns them. */
  public synchronized <T> CompletableFuture<T> ask(Function<ClusterFacts, T> question) {
    CompletableFuture<T> future = new CompletableFuture<>();
    if (closed) {
      future.cancel(false);
      return future;
    }
    asked.add(
        () -> {
          try {
            future.complete(question.apply(facts));
          } catch (RuntimeException e) {
            future.completeExceptionally(e);
          }
        });
    notifyAll();
    return future;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What came since the last turn. */
  private record Arrivals(
      List<Fact> facts, List<Runnable> questions, Set<String> joined, boolean synced) {}

  private void run() {
    try {
      for (Arrivals next = take(); next != null; next = take()) {
        try {
          turn(next);
        } catch (RuntimeException e) {
          LOG.error("compile failed: {}; the nodes concerned keep what they have", e, e);
          meter.compileFailed();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Arrivals take() throws InterruptedException {
    while (!closed && nothingArrived() && !(synced && hasWork())) {
      wait(failing.isEmpty() ? 0 : Math.max(1, millisToNextOffer())); // 0: for ever
    }
    if (closed) {
      return null;
    }
    Arrivals arrivals =
        new Arrivals(List.copyOf(arrived.values()), List.copyOf(asked), Set.copyOf(joined), synced);
    arrived = new LinkedHashMap<>();
    asked = new ArrayList<>();
    joined = new LinkedHashSet<>();
    return arrivals;
  }

  private boolean nothingArrived() {
    return arrived.isEmpty() && asked.isEmpty() && joined.isEmpty();
  }

  private boolean hasWork() {
    return !single.isEmpty() || !many.isEmpty() || isOfferDue();
  }

  private boolean isOfferDue() {
    return !failing.isEmpty() && millisToNextOffer() <= 0;
  }

  private long millisToNextOffer() {
    return TimeUnit.NANOSECONDS.toMillis(offerAgainNanos - System.nanoTime());
  }

  private void planNextOffer() {
    offerAgainNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OFFER_AGAIN_MILLIS);
  }

  private void turn(Arrivals arrivals) {
    for (Fact fact : arrivals.facts()) {
      boolean concernsMany = fact instanceof Fact.Policy || fact instanceof Fact.Namespace;
      (concernsMany ? many : single).addAll(facts.apply(fact));
    }
    many.addAll(arrivals.joined());
    arrivals.questions().forEach(Runnable::run);
    if (!arrivals.facts().isEmpty()) {
      meter.facts(facts.nodes().size(), facts.podCount(), facts.policies().size());
    }
    if (!arrivals.synced()) {
      return; // joined nodes wait: half the facts would take policies away
    }
    if (isOfferDue()) {
      many.addAll(failing); // compiled anew: their facts may have changed
      planNextOffer();
    }
    int left = NODES_A_TURN;
    left = compile(single, left);
    compile(many, left);
  }

  private int compile(Set<String> nodes, int most) {
    Map<String, NodeSnapshot> compiled = new LinkedHashMap<>();
    try {
      for (Iterator<String> next = nodes.iterator(); next.hasNext() && compiled.size() < most; ) {
        String node = next.next();
        next.remove();
        if (distributor.isConnected(node)) {
          long start = System.nanoTime();
          compiled.put(node, compiler.compile(node));
          meter.compiled(System.nanoTime() - start);
        } else {
          compiler.forget(node);
          failing.remove(node); // it gets a snapshot when it comes again
        }
      }
    } finally { // those before one that failed get theirs
      compiled.forEach(this::offer); // in one go: a thread that is awake is not woken
    }
    return most - compiled.size();
  }

  /** A stream that fails costs no other node its snapshot, and its own node a second. */
  private void offer(String node, NodeSnapshot snapshot) {
    try {
      distributor.offer(node, snapshot);
      failing.remove(node);
    } catch (RuntimeException e) {
      meter.offerFailed();
      if (failing.isEmpty()) {
        planNextOffer();
      }
      if (failing.add(node)) {
        LOG.error(
            "offer version {} to node {} failed: {}; offered again every {} ms, others get theirs",
            snapshot.version(),
            node,
            e,
            OFFER_AGAIN_MILLIS,
            e);
      } else {
        LOG.debug("offer version {} to node {} failed again: {}", snapshot.version(), node, e);
      }
    }
  }
}
