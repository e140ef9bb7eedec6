package dev.shunt.agent;

import com.google.protobuf.Timestamp;
import dev.shunt.agent.PodInputs.Told;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.PodId;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.desired.snapshot.NodeSnapshot;
import dev.shunt.desired.snapshot.PolicyDocument;
import dev.shunt.ingest.distribution.NodeFeed;
import dev.shunt.ingest.distribution.PolicyStream;
import dev.shunt.ingest.distribution.PolicyStreamConfig;
import dev.shunt.ingest.distribution.RefusedSnapshotException;
import dev.shunt.ingest.distribution.RefusedSnapshotException.Cause;
import dev.shunt.ingest.distribution.SnapshotListener;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.RefusedPolicyException;
import dev.shunt.observe.EndpointStats;
import dev.shunt.observe.HookStatus;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.NodeView;
import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Totals;
import dev.shunt.reconcile.ReconcileResult;
import dev.shunt.v1.AttachResult;
import dev.shunt.v1.Counters;
import dev.shunt.v1.NodeCapabilities;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PodCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the control plane says to the inputs, and what the node counts to the control plane.
 * Called by the stream's thread; started and closed by the node.
 */
final class PlaneLink implements SnapshotListener, NodeFeed, AutoCloseable {
  private static final int PODS_MAX = 1000;

  /** How long the kernel may refuse what passes repeat, before a snapshot is refused. */
  private static final Duration APPLY_LIMIT = Duration.ofSeconds(10);

  private static final Duration APPLY_PAUSE = Duration.ofMillis(250);

  private final PodInputs inputs;
  private final Duration applyLimit;
  private final CompletableFuture<NodeView> view = new CompletableFuture<>();
  private volatile @Nullable Supplier<ReconcileResult> pass;
  private final PolicyStream stream;

  /** Puts the last good policies into force at once, and follows the control plane. */
  PlaneLink(PolicyStreamConfig config, PodInputs inputs) {
    this(config, inputs, APPLY_LIMIT);
  }

  PlaneLink(PolicyStreamConfig config, PodInputs inputs, Duration applyLimit) {
    this.inputs = inputs;
    this.applyLimit = applyLimit;
    this.stream = PolicyStream.start(config, this, this);
  }

  /**
   * The node has started: from now on it can say what it is.
   *
   * @param applying brings the inputs into force, and says what came of it
   */
  void serve(NodeView started, Supplier<ReconcileResult> applying) {
    pass = applying;
    view.complete(started);
  }

  /** What keeps it from following, one sentence; empty when nothing does. */
  String trouble() {
    return stream.status().error();
  }

  @Override
  public void close() {
    stream.close();
  }

  @Override
  public void snapshot(NodeSnapshot snapshot) throws RefusedSnapshotException {
    List<PodPolicy> policies = new ArrayList<>();
    int rules = 0;
    for (PolicyDocument document : snapshot.policies().values()) {
      try {
        policies.addAll(PolicyDocuments.read(document.json(), document.key()));
      } catch (RefusedPolicyException e) {
        throw new RefusedSnapshotException(Cause.INVALID_POLICY, String.valueOf(e.getMessage()));
      }
    }
    for (PodPolicy policy : policies) {
      rules += policy.policy() instanceof ConnectPolicy connect ? connect.rules().size() : 0;
    }
    if (rules > ConnectRules.RULES_MAX) {
      throw new RefusedSnapshotException(
          Cause.TOO_LARGE,
          "rules of connect policies: %d (expected: at most %d on a node)"
              .formatted(rules, ConnectRules.RULES_MAX));
    }
    apply(
        new Told(
            policies,
            Optional.of(
                new Labels(snapshot.namespaces(), Map.of(inputs.node(), snapshot.nodeLabels())))));
  }

  /** In force when this returns; while the node starts its first pass sees to that. */
  private void apply(Told told) throws RefusedSnapshotException {
    Told before = inputs.told(told);
    Supplier<ReconcileResult> applying = pass;
    if (applying == null) {
      return;
    }
    long deadline = System.nanoTime() + applyLimit.toNanos();
    ReconcileResult result = applying.get();
    while (!result.succeeded()) {
      if (System.nanoTime() - deadline > 0 || !paused()) {
        inputs.told(before);
        var unused = applying.get(); // what fails of it is repeated by later passes
        throw new RefusedSnapshotException(Cause.NOT_APPLIED, text(result));
      }
      result = applying.get();
    }
  }

  private static boolean paused() {
    try {
      TimeUnit.NANOSECONDS.sleep(APPLY_PAUSE.toNanos());
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String text(ReconcileResult result) {
    return result.failed().stream()
        .findFirst()
        .map(step -> step.step() + ": " + step.cause().getMessage())
        .orElse("steps wait for others");
  }

  private NodeView started() {
    try {
      return view.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node stops", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the node did not start", e);
    }
  }

  @Override
  public NodeCapabilities capabilities() {
    NodeStatus status = started().status();
    NodeCapabilities.Builder capabilities =
        NodeCapabilities.newBuilder()
            .setVersion(status.identity().version())
            .setKernel(status.identity().kernel())
            .setSelfTestPassed(status.selfTest().passed());
    if (!status.selfTest().passed()) {
      capabilities.setSelfTestDetail(status.readiness().detail());
    }
    for (HookStatus hook : status.attachments().hooks()) {
      capabilities.addAttach(
          AttachResult.newBuilder()
              .setHook(hook.hook())
              .setAttached(hook.attached())
              .setError(hook.error()));
    }
    return capabilities.build();
  }

  @Override
  public NodeReport report() {
    NodeView node = started();
    NodeStatus status = node.status();
    StatsSnapshot stats = node.stats();
    NodeReport.Builder report =
        NodeReport.newBuilder()
            .setTime(Timestamp.newBuilder().setSeconds(stats.time().getEpochSecond()))
            .setMode(status.mode().mode().name().toLowerCase(Locale.ROOT))
            .setReady(status.readiness().ready())
            .setDetail(status.readiness().detail());
    List<EndpointStats> pods =
        stats.endpoints().stream()
            .filter(endpoint -> endpoint.name().startsWith(PodId.KEY_PREFIX))
            .sorted(Comparator.comparingLong(PlaneLink::bytes).reversed())
            .toList();
    pods.stream().limit(PODS_MAX).map(this::pod).forEach(report::addPods);
    if (pods.size() > PODS_MAX) {
      Totals others =
          pods.stream().skip(PODS_MAX).map(EndpointStats::totals).reduce(Totals.NONE, Totals::plus);
      report.addPods(PodCounters.newBuilder().setCounters(counters(others)));
    }
    return report.build();
  }

  private static long bytes(EndpointStats endpoint) {
    return endpoint.totals().traffic().bytesRedirected()
        + endpoint.totals().traffic().bytesPassed();
  }

  private PodCounters pod(EndpointStats endpoint) {
    String name = endpoint.name().substring(PodId.KEY_PREFIX.length());
    int slash = name.indexOf('/');
    return PodCounters.newBuilder()
        .setNamespace(name.substring(0, Math.max(0, slash)))
        .setName(name.substring(slash + 1))
        .setWorkload(inputs.workload(endpoint.name()))
        .setCounters(counters(endpoint.totals()))
        .build();
  }

  private static Counters counters(Totals totals) {
    return Counters.newBuilder()
        .setConnectionsPaired(totals.connections().paired())
        .setConnectionsJoined(totals.connections().joined())
        .setMessagesRedirected(totals.traffic().messagesRedirected())
        .setBytesRedirected(totals.traffic().bytesRedirected())
        .setMessagesPassed(totals.traffic().messagesPassed())
        .setBytesPassed(totals.traffic().bytesPassed())
        .build();
  }
}
