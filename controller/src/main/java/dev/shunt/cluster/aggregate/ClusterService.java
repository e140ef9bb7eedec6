package dev.shunt.cluster.aggregate;

import dev.shunt.cluster.compile.ClusterFacts;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.cluster.distribute.PlaneLoop;
import dev.shunt.desired.pod.PodDecision;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodPolicy;
import dev.shunt.v1.ClusterGrpc;
import dev.shunt.v1.ClusterNode;
import dev.shunt.v1.ExplainPodRequest;
import dev.shunt.v1.ExplainPodResponse;
import dev.shunt.v1.GetClusterStatsRequest;
import dev.shunt.v1.GetClusterStatsResponse;
import dev.shunt.v1.Grouping;
import dev.shunt.v1.ListNodesRequest;
import dev.shunt.v1.ListNodesResponse;
import dev.shunt.v1.NodeReport;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * {@code shunt.v1.Cluster}. The caller's rights were checked before. Threads: those of calls; the
 * facts are asked on the thread that owns them.
 */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
  private static final String DEFAULT_NAMESPACE = "default";

  private final PlaneLoop loop;
  private final NodeStates states;
  private final ClusterStats stats;

  /** How far nodes are, wherever their streams are. */
  public interface NodeStates {
    /** Of one node; empty when it has no stream. */
    Optional<NodeState> state(String node);

    /** Of all nodes that have a stream, by name. */
    Map<String, NodeState> states();
  }

  public ClusterService(PlaneLoop loop, NodeStates states, ClusterStats stats) {
    this.loop = loop;
    this.states = states;
    this.stats = stats;
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> caller) {
    answer(caller, loop.ask(ClusterService::podsByNode), this::nodes);
  }

  /** Of all nodes, also those without pods. */
  private static Map<String, Integer> podsByNode(ClusterFacts facts) {
    Map<String, Integer> pods = new TreeMap<>();
    facts.nodes().forEach(node -> pods.put(node, facts.podsOf(node).size()));
    return pods;
  }

  private ListNodesResponse nodes(Map<String, Integer> known) {
    Map<String, Integer> all = new TreeMap<>(known);
    states.states().keySet().forEach(node -> all.putIfAbsent(node, 0));
    ListNodesResponse.Builder answer = ListNodesResponse.newBuilder();
    all.forEach((node, pods) -> answer.addNodes(node(node, pods)));
    return answer.build();
  }

  private ClusterNode node(String name, int pods) {
    ClusterNode.Builder node =
        states
            .state(name)
            .map(NodeMessages::node)
            .orElseGet(() -> ClusterNode.newBuilder().setName(name))
            .setPods(pods);
    Optional<NodeReport> report = stats.report(name);
    report.ifPresent(
        known ->
            node.setReported(known.getTime())
                .setMode(known.getMode())
                .setReady(known.getReady())
                .setDetail(known.getDetail()));
    return node.build();
  }

  @Override
  public void getClusterStats(
      GetClusterStatsRequest request, StreamObserver<GetClusterStatsResponse> caller) {
    if (request.getBy() == Grouping.UNRECOGNIZED) {
      caller.onError(invalid("by: " + request.getByValue() + " (expected: 0..4)"));
      return;
    }
    int limit = Math.min(ClusterStats.ROWS_MAX, Math.max(0, request.getLimit()));
    answer(
        caller,
        loop.ask(facts -> Set.copyOf(facts.nodes())),
        nodes ->
            stats.rows(
                request.getBy(),
                request.getNamespace(),
                limit == 0 ? ClusterStats.ROWS_MAX : limit,
                nodes.size()));
  }

  /** What is asked of the facts at once, so that it fits together. */
  private record Found(PodDecision decision, Set<String> inForce) {}

  @Override
  public void explainPod(ExplainPodRequest request, StreamObserver<ExplainPodResponse> caller) {
    String namespace =
        request.getNamespace().isEmpty() ? DEFAULT_NAMESPACE : request.getNamespace();
    answer(
        caller,
        loop.ask(facts -> facts.pod(namespace, request.getName()).map(pod -> found(facts, pod))),
        found ->
            explain(
                found.orElseThrow(
                    () ->
                        Status.NOT_FOUND
                            .withDescription(
                                "find pod %s/%s failed: there is none"
                                    .formatted(namespace, request.getName()))
                            .asRuntimeException())));
  }

  private static Found found(ClusterFacts facts, PodFacts pod) {
    PodDecision decision = facts.decide(pod);
    Set<String> inForce = new HashSet<>();
    decision.acceleration().ifPresent(policy -> inForce.add(policy.name().toString()));
    decision.telemetry().ifPresent(policy -> inForce.add(policy.name().toString()));
    decision.connects().forEach(policy -> inForce.add(policy.name().toString()));
    decision.filters().forEach(policy -> inForce.add(policy.name().toString()));
    return new Found(decision, inForce);
  }

  private ExplainPodResponse explain(Found found) {
    PodFacts pod = found.decision().pod();
    Optional<NodeState> state = states.state(pod.node());
    boolean programmed = state.map(NodeState::isProgrammed).orElse(false);
    ExplainPodResponse.Builder answer =
        ExplainPodResponse.newBuilder()
            .setNamespace(pod.namespace())
            .setName(pod.name())
            .setNode(pod.node())
            .setWorkload(pod.workload().toString())
            .setProgrammed(programmed)
            .setDetail(detail(found, state));
    for (PodPolicy policy : found.decision().selecting()) {
      String key = policy.name().toString();
      answer.addPoliciesBuilder().setKey(key).setWins(found.inForce().contains(key));
    }
    stats.ofPod(pod.node(), pod.namespace(), pod.name()).ifPresent(answer::setCounters);
    return answer.build();
  }

  private static String detail(Found found, Optional<NodeState> state) {
    PodFacts pod = found.decision().pod();
    if (pod.node().isEmpty()) {
      return "it is not scheduled yet";
    }
    if (state.isEmpty()) {
      return "node %s is not connected to this control plane; it keeps what it has"
          .formatted(pod.node());
    }
    if (state.get().refusal().isPresent()) {
      return "node %s refused the version with these policies: %s"
          .formatted(pod.node(), state.get().refusal().get().detail());
    }
    if (!state.get().isProgrammed()) {
      return "node %s has not acknowledged these policies yet".formatted(pod.node());
    }
    return found
        .decision()
        .acceleration()
        .map(
            policy ->
                "%s decides: %s"
                    .formatted(policy.name(), policy.spec().mode().name().toLowerCase(Locale.ROOT)))
        .orElse("no policy about acceleration selects it: it is observed");
  }

  private static StatusRuntimeException invalid(String detail) {
    return Status.INVALID_ARGUMENT.withDescription(detail).asRuntimeException();
  }

  private static <T, A> void answer(
      StreamObserver<A> caller, CompletableFuture<T> facts, Function<T, A> make) {
    var unused =
        facts
            .thenApply(make)
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    caller.onNext(answer);
                    caller.onCompleted();
                  } else {
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    caller.onError(
                        cause instanceof StatusRuntimeException refusal
                            ? refusal
                            : Status.INTERNAL
                                .withDescription("internal error: " + cause)
                                .asRuntimeException());
                  }
                });
  }
}
