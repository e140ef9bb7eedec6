package dev.shunt.agent;

import dev.shunt.cli.CannotRunException;
import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.ingest.distribution.PolicyStreamConfig;
import dev.shunt.ingest.file.ClusterFactsStore;
import dev.shunt.ingest.kubernetes.ClusterAccess;
import dev.shunt.ingest.kubernetes.NodeWatch;
import dev.shunt.ingest.kubernetes.NodeWatch.LabelSource;
import dev.shunt.observe.NodeView;
import dev.shunt.reconcile.ReconcileResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the API server knows to the inputs, and keeps it for a start without an API server.
 * Loop thread; closed by the node.
 */
final class PodFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodFeed.class);
  private static final Duration KEEP = Duration.ofSeconds(2);
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 20;

  private final NodeWatch watch;
  private final PodInputs inputs;
  private final ClusterFactsStore store;
  private final Optional<PlaneLink> plane;
  private Optional<ClusterFacts> unkept = Optional.empty();
  private long nextKeepNanos = System.nanoTime();

  private PodFeed(
      NodeWatch watch, PodInputs inputs, ClusterFactsStore store, Optional<PlaneLink> plane) {
    this.watch = watch;
    this.inputs = inputs;
    this.store = store;
    this.plane = plane;
  }

  /**
   * Starts from what was kept, and watches.
   *
   * @throws CannotRunException there are no credentials
   */
  static PodFeed start(AgentConfig.Cluster cluster, PodInputs inputs, Path stateDirectory) {
    ClusterAccess access;
    try {
      access = ClusterAccess.open(cluster.kubeconfig());
    } catch (IOException missing) {
      throw new CannotRunException(String.valueOf(missing.getMessage()), missing);
    }
    ClusterFactsStore store = new ClusterFactsStore(stateDirectory);
    ClusterFactsStore.Stored kept = store.read();
    kept.error().ifPresent(LOG::warn);
    inputs.facts(kept.facts());
    LOG.info(
        "watching pods of node {} at {}; {} known from before",
        cluster.node(),
        access.server(),
        kept.facts().pods().size());
    Optional<PlaneLink> plane =
        cluster.controlPlane().map(to -> plane(cluster.node(), to, inputs, stateDirectory));
    LabelSource labels = plane.isPresent() ? LabelSource.TOLD : LabelSource.WATCHED;
    PodFeed feed =
        new PodFeed(NodeWatch.start(access, cluster.node(), labels), inputs, store, plane);
    feed.awaitFirstAnswer();
    return feed;
  }

  private static PlaneLink plane(
      String node, AgentConfig.ControlPlane to, PodInputs inputs, Path stateDirectory) {
    return new PlaneLink(
        new PolicyStreamConfig(to.host(), to.port(), to.ca(), to.token(), node, stateDirectory),
        inputs);
  }

  /**
   * The node has started: the control plane may ask what it is.
   *
   * @param pass brings the inputs into force; not for the loop thread
   */
  void serve(NodeView view, Supplier<ReconcileResult> pass) {
    plane.ifPresent(link -> link.serve(view, pass));
  }

  /** Follows the control plane no more. Call it while the loop still runs. */
  void leavePlane() {
    plane.ifPresent(PlaneLink::close);
  }

  /** So that the first pass does not take every pod for unselected; not for ever. */
  private void awaitFirstAnswer() {
    long deadline = System.nanoTime() + FIRST_ANSWER.toNanos();
    try {
      while (!poll() && System.nanoTime() - deadline < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes news. Returns whether there were any. */
  boolean poll() {
    Optional<ClusterFacts> news = watch.poll();
    news.ifPresent(inputs::facts);
    inputs.trouble(
        Stream.concat(Stream.of(watch.trouble()), plane.stream().map(PlaneLink::trouble))
            .filter(sentence -> !sentence.isEmpty())
            .collect(Collectors.joining("; ")));
    if (news.isPresent()) {
      unkept = news;
    }
    if (unkept.isPresent() && System.nanoTime() - nextKeepNanos >= 0) {
      keep(unkept.get());
    }
    return news.isPresent();
  }

  private void keep(ClusterFacts facts) {
    unkept = Optional.empty();
    nextKeepNanos = System.nanoTime() + KEEP.toNanos();
    try {
      store.write(facts);
    } catch (IOException failed) {
      LOG.warn(
          "keep pods failed: {}; a start without API server would observe new pods",
          failed.getMessage());
    }
  }

  @Override
  public void close() {
    leavePlane();
    watch.close();
    unkept.ifPresent(this::keep);
  }
}
