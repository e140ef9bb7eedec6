package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.Discovery;
import dev.shunt.agent.AgentConfig.Scope;
import dev.shunt.agent.PodInputs.News;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.maps.StuckMap;
import dev.shunt.datapath.programs.HookBudget;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.desired.DesiredState;
import dev.shunt.reconcile.PassSchedule;
import dev.shunt.reconcile.PendingName;
import dev.shunt.reconcile.ReconcileResult;
import dev.shunt.reconcile.Reconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the data path after start-up: it reconciles, scans namespaces, sweeps
 * and expires. Others ask it through {@link #reconcileSoon} and {@link #call}.
 */
final class NodeLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLoop.class);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SCAN = Duration.ofSeconds(2);
  private static final Duration EXPIRE = Duration.ofSeconds(10);
  private static final Duration UNSTICK = Duration.ofMillis(500);

  /** {@code reset_stuck} ends what is stuck after two seconds; who is still there has closed. */
  private static final Duration STUCK_LIFETIME = Duration.ofSeconds(5);

  /** Policies must follow within a second, also while many pods start. */
  private static final Duration HOOKS_AT_ONCE = Duration.ofMillis(200);

  /** Of the counters that {@link StandDownWatch} compares. */
  private static final Duration WINDOW = Duration.ofSeconds(5);

  /** {@code NONCE_LIFETIME_NS} of pair.bpf.c. */
  private static final Duration NONCE_LIFETIME = Duration.ofSeconds(10);

  private final SockmapDatapath datapath;
  private final NamespaceWatch namespaces;
  private final PolicyInputs inputs;
  private final Reconciler reconciler;
  private final Scope scope;
  private final ScheduledExecutorService executor;
  private final List<Future<?>> periodic = new ArrayList<>();
  private final PassSchedule passes = new PassSchedule(System.nanoTime());
  private final SweepPace sweeps = new SweepPace(System.nanoTime());

  /** Whether anything may be accelerated. Loop thread. */
  private boolean accelerates = true;

  /** Told once, not on every pass. Loop thread. */
  private List<PendingName> pending = List.of();

  /** Of the policies of the last pass. Any thread. */
  private volatile String fingerprint = "";

  NodeLoop(
      SockmapDatapath datapath,
      NamespaceWatch namespaces,
      PolicyInputs inputs,
      Reconciler reconciler,
      Scope scope) {
    this.datapath = datapath;
    this.namespaces = namespaces;
    this.inputs = inputs;
    this.reconciler = reconciler;
    this.scope = scope;
    executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "shunt-loop");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts the periodic work. */
  void start() {
    every(TICK, this::tick);
    every(SCAN, this::scan);
    every(SCAN, this::sweep);
    every(EXPIRE, this::expire);
    every(SCAN, this::restTraits);
    every(UNSTICK, this::unstick);
    every(SCAN, () -> datapath.succession().others().tend(namespaces.all()));
  }

  /** Repeats a task; before or after {@link #start}. */
  void every(Duration period, Runnable task) {
    periodic.add(
        executor.scheduleWithFixedDelay(
            () -> guarded(task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** A failed pass must not end the later ones, nor one that found no memory for a thread. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | OutOfMemoryError failed) {
      LOG.warn("{}; retry on the next pass", failed.getMessage(), failed);
    }
  }

  private void tick() {
    if (passes.isRequested() || namespaces.isBehind()) {
      scan(); // a policy may name a namespace that is not watched yet
    }
    if (passes.isDue(System.nanoTime())) {
      reconcile();
    }
    if (datapath.maps().config().get("sweep_wanted") != 0 && sweeps.isDue(System.nanoTime())) {
      sweep();
    }
  }

  private void sweep() {
    long begin = System.nanoTime();
    datapath.sweep();
    sweeps.swept(begin, System.nanoTime());
  }

  /** Names to watch now: given, named by policies, discovered. */
  private Set<String> wantedNamespaces() {
    Set<String> wanted = new HashSet<>(scope.namespaces());
    wanted.addAll(inputs.namespacesOfPolicies());
    if (scope.discovery() == Discovery.NAMED) {
      wanted.addAll(NetworkNamespace.named());
    }
    return wanted;
  }

  /** Looks for pods that came, went or changed, and for policies; true when there is news. */
  boolean lookAtPods(PodInputs pods) {
    News news = pods.look(System.nanoTime());
    if (news == News.NONE) {
      return false;
    }
    if (news == News.POLICIES) {
      datapath.succession().others().stop();
    }
    scan();
    passes.request();
    return true;
  }

  /** Looks for namespaces, interfaces and addresses that came or went. */
  void scan() {
    boolean wasBehind = namespaces.isBehind();
    scan(HookBudget.of(HOOKS_AT_ONCE));
    if (wasBehind) {
      dropStaleLinks();
    }
  }

  /** As {@link #scan()}, with another budget for hooks. */
  void scan(HookBudget budget) {
    if (namespaces.scan(wantedNamespaces(), budget)) {
      passes.request();
    }
  }

  /** Detaches what an earlier node left in namespaces that are not wanted any more. */
  void dropStaleLinks() {
    if (!namespaces.isBehind()) {
      datapath.dropStaleLinks(namespaces.cookies());
    }
  }

  /** One pass from the inputs to the maps. */
  ReconcileResult reconcile() {
    passes.begin(System.nanoTime());
    String wanted = PolicyFingerprint.of(inputs);
    DesiredState desired = inputs.compile(namespaces.names()).state();
    inputs.takeReassigned().forEach(datapath.maps().counters()::clear);
    ReconcileResult result = reconciler.reconcile(desired);
    if (!fingerprint.isEmpty() && !fingerprint.equals(wanted)) {
      datapath.succession().policyChanged(wanted);
    }
    fingerprint = wanted;
    Duration wait = passes.end(result, System.nanoTime());
    result.applied().forEach(step -> LOG.debug("applied: {}", step.text()));
    result.failed().forEach(step -> LOG.warn("{} in {} ms", step.text(), wait.toMillis()));
    if (!result.pending().equals(pending)) {
      pending = result.pending();
      pending.forEach(name -> LOG.info("{}", name.text()));
    }
    if (!result.applied().isEmpty()) {
      datapath
          .maps()
          .config()
          .set("policy_changed", 1); // each connection is asked for its endpoint
      sweep();
    }
    accelerates = desired.accelerates();
    if (accelerates) {
      datapath.watchTraits();
    }
    return result;
  }

  /** Of the policies of the last pass. Any thread. */
  String fingerprint() {
    return fingerprint;
  }

  /** Members may leave seconds after the policy that accelerated them. */
  private void restTraits() {
    if (!accelerates) {
      datapath.restTraits();
    }
  }

  private void unstick() {
    StuckMap stuck = datapath.maps().stuck();
    if (!stuck.isEmpty()) {
      namespaces.all().forEach(datapath::resetStuck);
      stuck.expire(System.nanoTime() - STUCK_LIFETIME.toNanos());
    }
  }

  private void expire() {
    long before = System.nanoTime() - NONCE_LIFETIME.toNanos();
    int expired = datapath.maps().expirePairs(before);
    if (expired > 0) {
      LOG.debug("{} nonces expired unanswered", expired);
    }
  }

  /** Also ends a window of {@code watch} now and then. */
  void watch(StandDownWatch watch) {
    every(WINDOW, watch::look);
    every(SpeedWatch.WINDOW, watch::compare);
  }

  /** Asks for a pass within a tick. Any thread. */
  void reconcileSoon() {
    passes.request();
  }

  /** Runs a task on the loop thread and waits for it. Any other thread. */
  <T> T call(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    executor.execute(future);
    try {
      return future.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the node loop", interrupted);
    }
  }

  @Override
  public void close() {
    periodic.forEach(task -> task.cancel(false));
    executor.shutdown();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the node loop did not end within 5 s; stopping anyway");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
