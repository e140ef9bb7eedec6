package dev.shunt.ingest.kubernetes;

import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.PodFacts;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NamespaceList;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Watches what this node needs to know: its pods; and, unless somebody else tells, the labels of
 * namespaces and of itself. Thread-safe; closing ends the watch.
 */
public final class NodeWatch implements AutoCloseable {
  private static final Comparator<PodFacts> BY_NAME =
      Comparator.comparing((PodFacts pod) -> pod.id().key()).thenComparing(PodFacts::uid);

  private final AtomicBoolean changed = new AtomicBoolean(true);
  private final Informer<V1Pod, V1PodList> pods;
  private final Optional<Informer<V1Namespace, V1NamespaceList>> namespaces;
  private final Optional<Informer<V1Node, V1NodeList>> nodes;

  /** Who says which labels namespaces and nodes have. */
  public enum LabelSource {
    /** This watch. */
    WATCHED,
    /** Somebody else, such as the control plane; saves the API server a watch from every node. */
    TOLD
  }

  private NodeWatch(ClusterAccess access, String node, LabelSource labels) {
    Runnable event = () -> changed.set(true);
    pods = new Informer<>(access, pods(node), event);
    boolean watched = labels == LabelSource.WATCHED;
    namespaces =
        watched ? Optional.of(new Informer<>(access, namespaces(), event)) : Optional.empty();
    nodes = watched ? Optional.of(new Informer<>(access, node(node), event)) : Optional.empty();
  }

  /**
   * Starts watching; connects in the background.
   *
   * @param node name of this node in the cluster
   */
  public static NodeWatch start(ClusterAccess access, String node, LabelSource labels) {
    NodeWatch watch = new NodeWatch(access, node, labels);
    watch.informers().forEach(Informer::start);
    return watch;
  }

  private Stream<Informer<?, ?>> informers() {
    return Stream.concat(Stream.of(pods), Stream.concat(namespaces.stream(), nodes.stream()));
  }

  private static Informer.Kind<V1Pod, V1PodList> pods(String node) {
    return new Informer.Kind<>(
        "pods of node " + node,
        V1Pod.class,
        V1PodList.class,
        (client, parameters) ->
            new CoreV1Api(client)
                .listPodForAllNamespaces()
                .fieldSelector("spec.nodeName=" + node)
                .resourceVersion(parameters.resourceVersion)
                .timeoutSeconds(parameters.timeoutSeconds)
                .allowWatchBookmarks(parameters.watch)
                .watch(parameters.watch)
                .buildCall(null));
  }

  private static Informer.Kind<V1Namespace, V1NamespaceList> namespaces() {
    return new Informer.Kind<>(
        "namespaces",
        V1Namespace.class,
        V1NamespaceList.class,
        (client, parameters) ->
            new CoreV1Api(client)
                .listNamespace()
                .resourceVersion(parameters.resourceVersion)
                .timeoutSeconds(parameters.timeoutSeconds)
                .allowWatchBookmarks(parameters.watch)
                .watch(parameters.watch)
                .buildCall(null));
  }

  private static Informer.Kind<V1Node, V1NodeList> node(String node) {
    return new Informer.Kind<>(
        "node " + node,
        V1Node.class,
        V1NodeList.class,
        (client, parameters) ->
            new CoreV1Api(client)
                .listNode()
                .fieldSelector("metadata.name=" + node)
                .resourceVersion(parameters.resourceVersion)
                .timeoutSeconds(parameters.timeoutSeconds)
                .allowWatchBookmarks(parameters.watch)
                .watch(parameters.watch)
                .buildCall(null));
  }

  /**
   * Everything that is known, when it has changed since the last call; empty also until everything
   * was listed once.
   */
  public Optional<ClusterFacts> poll() {
    if (!informers().allMatch(Informer::hasSynced) || !changed.getAndSet(false)) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterFacts(
            pods.known().stream().map(PodFactsReader::of).sorted(BY_NAME).toList(),
            new Labels(labels(namespaces), labels(nodes))));
  }

  private static <T extends KubernetesObject> Map<String, Map<String, String>> labels(
      Optional<? extends Informer<T, ?>> informer) {
    Map<String, Map<String, String>> labels = new HashMap<>();
    for (T object : informer.map(Informer::known).orElse(List.of())) {
      V1ObjectMeta meta = object.getMetadata();
      labels.put(meta.getName(), Objects.requireNonNullElse(meta.getLabels(), Map.of()));
    }
    return labels;
  }

  /** What keeps the watch from knowing, one sentence; empty when nothing does. */
  public String trouble() {
    return informers()
        .map(Informer::trouble)
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}
