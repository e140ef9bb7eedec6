package dev.shunt.cli;

import dev.shunt.v1.ClusterNode;
import dev.shunt.v1.ClusterRow;
import dev.shunt.v1.Counters;
import dev.shunt.v1.ExplainPodRequest;
import dev.shunt.v1.ExplainPodResponse;
import dev.shunt.v1.GetClusterStatsRequest;
import dev.shunt.v1.GetClusterStatsResponse;
import dev.shunt.v1.Grouping;
import dev.shunt.v1.ListNodesRequest;
import dev.shunt.v1.ListNodesResponse;
import dev.shunt.v1.PodPolicy;
import java.util.Locale;

/** What a control plane knows of its cluster, for people and for scripts. */
final class ClusterReport {
  private final Output out;

  ClusterReport(Output out) {
    this.out = out;
  }

  /** All nodes; negative when one is not connected or not programmed. */
  int nodes(ClusterSession session) {
    ListNodesResponse answer = session.cluster().listNodes(ListNodesRequest.getDefaultInstance());
    out.result(MessageTree.of(answer), text(answer));
    boolean good =
        answer.getNodesList().stream().allMatch(n -> n.getConnected() && n.getProgrammed());
    return good ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  private String text(ListNodesResponse answer) {
    Table table =
        Table.of(
            Table.text("NODE"),
            Table.text("CONNECTED"),
            Table.text("PROGRAMMED"),
            Table.text("MODE"),
            Table.number("PODS"),
            Table.text("KERNEL"),
            Table.text("VERSION"),
            Table.text("DETAIL"));
    for (ClusterNode node : answer.getNodesList()) {
      table.row(
          node.getName(),
          yes(node.getConnected()),
          yes(node.getProgrammed()),
          node.getMode().isEmpty() ? "-" : node.getMode(),
          node.getPods(),
          node.getCapabilities().getKernel(),
          node.getCapabilities().getVersion(),
          node.getNackDetail().isEmpty() ? node.getDetail() : node.getNackDetail());
    }
    return table.render();
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }

  /** Rows of sums. */
  int stats(ClusterSession session, ClusterRows by, String namespace, int limit) {
    GetClusterStatsResponse answer =
        session
            .cluster()
            .getClusterStats(
                GetClusterStatsRequest.newBuilder()
                    .setBy(Grouping.valueOf("GROUPING_" + by.name()))
                    .setNamespace(namespace)
                    .setLimit(limit)
                    .build());
    out.result(MessageTree.of(answer), text(answer, by));
    return ExitCode.OK;
  }

  private String text(GetClusterStatsResponse answer, ClusterRows by) {
    Table table =
        Table.of(
            Table.text(by == ClusterRows.NODE ? "" : "NAMESPACE"),
            Table.text(by == ClusterRows.NAMESPACE ? "" : by.name().toUpperCase(Locale.ROOT)),
            Table.number("PODS"),
            Table.number("ACCELERATED"),
            Table.number("BY TCP"),
            Table.number("SHARE"),
            Table.number("JOINED"),
            Table.number("PAIRED"));
    for (ClusterRow row : answer.getRowsList()) {
      add(table, row.getNamespace(), row.getName(), row.getPods(), row.getCounters());
    }
    int pods = answer.getRowsList().stream().mapToInt(ClusterRow::getPods).sum();
    add(table, "total", "", pods, answer.getTotal());
    StringBuilder text = new StringBuilder(table.render());
    if (answer.getRowsOmitted() > 0) {
      text.append(answer.getRowsOmitted()).append(" more rows; the total counts them\n");
    }
    if (answer.getNodesReporting() < answer.getNodes()) {
      text.append(
          out.paint()
              .warning(
                  "%d of %d nodes have reported%n"
                      .formatted(answer.getNodesReporting(), answer.getNodes())));
    }
    return text.toString();
  }

  private static void add(Table table, String namespace, String name, int pods, Counters of) {
    long all = of.getBytesRedirected() + of.getBytesPassed();
    table.row(
        namespace,
        name,
        pods,
        Units.bytes(of.getBytesRedirected()),
        Units.bytes(of.getBytesPassed()),
        all == 0 ? "-" : Units.share(of.getBytesRedirected(), all),
        Units.count(of.getConnectionsJoined()),
        Units.count(of.getConnectionsPaired()));
  }

  /** What holds for a pod. */
  int pod(ClusterSession session, String namespace, String name) {
    ExplainPodResponse answer =
        session
            .cluster()
            .explainPod(
                ExplainPodRequest.newBuilder().setNamespace(namespace).setName(name).build());
    out.result(MessageTree.of(answer), text(answer));
    return ExitCode.OK;
  }

  private String text(ExplainPodResponse pod) {
    StringBuilder text = new StringBuilder();
    text.append("pod        %s/%s%n".formatted(pod.getNamespace(), pod.getName()));
    text.append("workload   %s%n".formatted(pod.getWorkload()));
    text.append("node       %s%n".formatted(pod.getNode().isEmpty() ? "-" : pod.getNode()));
    text.append("programmed %s%n%n".formatted(yes(pod.getProgrammed())));
    Table table = Table.of(Table.text("POLICY"), Table.text("IN FORCE"));
    for (PodPolicy policy : pod.getPoliciesList()) {
      table.row(policy.getKey(), yes(policy.getWins()));
    }
    if (!table.isEmpty()) {
      text.append(table.render()).append('\n');
    }
    return text.append(out.paint().bold(pod.getDetail())).append('\n').toString();
  }
}
