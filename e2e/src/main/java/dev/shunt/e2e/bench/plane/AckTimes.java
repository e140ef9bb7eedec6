package dev.shunt.e2e.bench.plane;

import com.sun.management.OperatingSystemMXBean;
import dev.shunt.cluster.PlaneCore;
import dev.shunt.cluster.distribute.NodeListener;
import dev.shunt.cluster.distribute.NodeState;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.HdrHistogram.ConcurrentHistogram;

/** Takes the time from a fact to the node's acknowledgement. Main thread of the control plane. */
final class AckTimes implements NodeListener {
  /** Edits that are measured at least, however large the cluster is. */
  private static final int EDITS_MIN = 9;

  /** 100 a second: a cluster of 100,000 pods that live for a quarter of an hour each. */
  private static final long POD_EVENT_PAUSE_NANOS = 10_000_000;

  private static final long PATIENCE_SECONDS = 120;
  private static final long LOOK_MILLIS = 2;

  /** Counting all nodes takes time of those that are counted. */
  private static final long COUNT_MILLIS = 100;

  private final PlaneCore core;
  private final SimulatedCluster cluster;
  private final Effort effort;
  private final Map<String, Long> waiting = new ConcurrentHashMap<>();
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private volatile ConcurrentHistogram times = newHistogram();
  private int edition;

  AckTimes(PlaneCore core, SimulatedCluster cluster, Effort effort) {
    this.core = core;
    this.cluster = cluster;
    this.effort = effort;
    core.distributor().addListener(this);
  }

  private static ConcurrentHistogram newHistogram() {
    return new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 3);
  }

  @Override
  public void acknowledged(String node, String version) {
    Long since = waiting.remove(node);
    if (since != null) {
      times.recordValue(System.nanoTime() - since);
    }
  }

  /** Waits until all nodes are connected and hold what they should. */
  String awaitAll() throws InterruptedException {
    long start = System.nanoTime();
    await("all nodes connected", COUNT_MILLIS, () -> programmed() == cluster.nodes());
    return String.format(Locale.ROOT, "connected seconds=%.2f", (System.nanoTime() - start) / 1e9);
  }

  private long programmed() {
    return core.distributor().states().stream().filter(NodeState::isProgrammed).count();
  }

  /** Edits the policy that touches every node, several times, one after the other. */
  String edits() throws InterruptedException {
    int warmUp = Math.max(1, effort.tells() / cluster.nodes()); // the JVM compiles its code first
    for (int i = 0; i < warmUp; i++) {
      edit();
    }
    times = newHistogram();
    int measured = Math.max(EDITS_MIN, effort.tells() / cluster.nodes());
    long cpu = process.getProcessCpuTime();
    for (int i = 0; i < measured; i++) {
      edit();
    }
    return answer("edit", process.getProcessCpuTime() - cpu, (long) measured * cluster.nodes());
  }

  private void edit() throws InterruptedException {
    edition++;
    long now = System.nanoTime();
    for (int node = 0; node < cluster.nodes(); node++) {
      waiting.put(SimulatedCluster.nodeName(node), now);
    }
    core.sink().accept(SimulatedCluster.clusterPolicy(edition));
    await("all nodes acknowledged an edit", LOOK_MILLIS, waiting::isEmpty);
  }

  /** Pods come and go on random nodes at a steady rate. */
  String podEvents() throws InterruptedException {
    times = newHistogram();
    RandomGenerator random = new SplittableRandom(edition);
    int[] editions = new int[cluster.nodes()];
    long cpu = process.getProcessCpuTime();
    long next = System.nanoTime();
    for (int event = 0; event < effort.podEvents(); ) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      next += POD_EVENT_PAUSE_NANOS;
      int node = random.nextInt(cluster.nodes());
      if (waiting.putIfAbsent(SimulatedCluster.nodeName(node), System.nanoTime()) == null) {
        core.sink().accept(cluster.podEvent(node, ++editions[node]));
        event++;
      }
    }
    await("all nodes acknowledged their pods", LOOK_MILLIS, waiting::isEmpty);
    return answer("pods", process.getProcessCpuTime() - cpu, effort.podEvents());
  }

  private String answer(String word, long cpuNanos, long shares) {
    ConcurrentHistogram taken = times;
    return String.format(
        Locale.ROOT,
        "%s p50=%.3f p99=%.3f max=%.3f cpu=%.1f count=%d",
        word,
        taken.getValueAtPercentile(50) / 1e6,
        taken.getValueAtPercentile(99) / 1e6,
        taken.getMaxValue() / 1e6,
        cpuNanos / 1e3 / shares,
        taken.getTotalCount());
  }

  private static void await(String what, long lookMillis, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + PATIENCE_SECONDS + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(lookMillis);
    }
  }
}
