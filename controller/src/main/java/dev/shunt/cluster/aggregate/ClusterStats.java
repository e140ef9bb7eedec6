package dev.shunt.cluster.aggregate;

import dev.shunt.cluster.distribute.NodeListener;
import dev.shunt.v1.ClusterRow;
import dev.shunt.v1.Counters;
import dev.shunt.v1.GetClusterStatsResponse;
import dev.shunt.v1.Grouping;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PodCounters;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The last report of each node, and sums of them. Thread-safe; does not block. */
public final class ClusterStats implements NodeListener {
  /** Most rows of an answer, and the default. */
  static final int ROWS_MAX = 1000;

  private final Map<String, NodeReport> reports = new ConcurrentHashMap<>();

  /** A row is of one of these: namespace and name, one of which may be empty. */
  private record Group(String namespace, String name) {}

  private record Row(Group group, Sum sum) {}

  @Override
  public void reported(String node, NodeReport report) {
    reports.put(node, report);
  }

  /** Forgets nodes that there are no more. */
  public void retain(Collection<String> nodes) {
    reports.keySet().retainAll(Set.copyOf(nodes));
  }

  /** What a node reported last. */
  public Optional<NodeReport> report(String node) {
    return Optional.ofNullable(reports.get(node));
  }

  /** What its node reported of a pod. */
  public Optional<Counters> ofPod(String node, String namespace, String name) {
    return report(node).stream()
        .flatMap(report -> report.getPodsList().stream())
        .filter(pod -> pod.getName().equals(name) && pod.getNamespace().equals(namespace))
        .map(PodCounters::getCounters)
        .findFirst();
  }

  /** Sums of pods, the pod's key {@code namespace/name} being one of those given. */
  public Counters ofPods(Set<String> pods) {
    Sum sum = new Sum();
    for (NodeReport report : reports.values()) {
      for (PodCounters pod : report.getPodsList()) {
        if (pods.contains(pod.getNamespace() + "/" + pod.getName())) {
          sum.add(pod.getCounters(), 1);
        }
      }
    }
    return sum.counters();
  }

  /**
   * Rows by bytes, most first.
   *
   * @param by what a row is a sum of
   * @param namespace only pods of it; empty: all
   * @param limit most rows
   * @param nodes how many nodes are known
   */
  GetClusterStatsResponse rows(Grouping by, String namespace, int limit, int nodes) {
    Map<Group, Sum> sums = new HashMap<>();
    Sum total = new Sum();
    reports.forEach(
        (node, report) -> {
          for (PodCounters pod : report.getPodsList()) {
            if (namespace.isEmpty() || namespace.equals(pod.getNamespace())) {
              int counted = pod.getName().isEmpty() ? 0 : 1; // the sum of those left out
              sums.computeIfAbsent(group(by, node, pod), key -> new Sum())
                  .add(pod.getCounters(), counted);
              total.add(pod.getCounters(), counted);
            }
          }
        });
    List<Row> rows =
        sums.entrySet().stream()
            .map(entry -> new Row(entry.getKey(), entry.getValue()))
            .sorted(
                Comparator.comparingLong((Row row) -> -row.sum().bytes())
                    .thenComparing(row -> row.group().namespace())
                    .thenComparing(row -> row.group().name()))
            .toList();
    GetClusterStatsResponse.Builder answer =
        GetClusterStatsResponse.newBuilder()
            .setTotal(total.counters())
            .setNodesReporting(reports.size())
            .setNodes(nodes)
            .setRowsOmitted(Math.max(0, rows.size() - limit));
    rows.stream().limit(limit).map(ClusterStats::message).forEach(answer::addRows);
    return answer.build();
  }

  private static Group group(Grouping by, String node, PodCounters pod) {
    return switch (by) {
      case GROUPING_NODE -> new Group("", node);
      case GROUPING_NAMESPACE -> new Group(pod.getNamespace(), "");
      case GROUPING_POD -> new Group(pod.getNamespace(), pod.getName());
      default -> new Group(pod.getNamespace(), pod.getWorkload());
    };
  }

  private static ClusterRow message(Row row) {
    return ClusterRow.newBuilder()
        .setNamespace(row.group().namespace())
        .setName(row.group().name())
        .setPods(row.sum().pods())
        .setCounters(row.sum().counters())
        .build();
  }
}
