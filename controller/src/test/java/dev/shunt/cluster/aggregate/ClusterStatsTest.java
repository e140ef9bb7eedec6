package dev.shunt.cluster.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.v1.ClusterRow;
import dev.shunt.v1.Counters;
import dev.shunt.v1.GetClusterStatsResponse;
import dev.shunt.v1.Grouping;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PodCounters;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterStatsTest {
  private final ClusterStats stats = new ClusterStats();

  @BeforeEach
  void twoReports() {
    stats.reported("n1", report(pod("shop", "web-1", "Deployment/web", 100)));
    stats.reported(
        "n2",
        report(
            pod("shop", "web-2", "Deployment/web", 50), pod("lab", "db-1", "StatefulSet/db", 20)));
  }

  private static NodeReport report(PodCounters... pods) {
    return NodeReport.newBuilder().addAllPods(List.of(pods)).build();
  }

  private static PodCounters pod(String namespace, String name, String workload, long bytes) {
    return PodCounters.newBuilder()
        .setNamespace(namespace)
        .setName(name)
        .setWorkload(workload)
        .setCounters(Counters.newBuilder().setBytesRedirected(bytes).setBytesPassed(1))
        .build();
  }

  private List<String> rows(Grouping by) {
    return stats.rows(by, "", 10, 3).getRowsList().stream().map(ClusterStatsTest::text).toList();
  }

  private static String text(ClusterRow row) {
    return row.getNamespace()
        + "|"
        + row.getName()
        + "|"
        + row.getPods()
        + "|"
        + row.getCounters().getBytesRedirected();
  }

  @Test
  void rows_ofEachGrouping_summedAndSorted() {
    assertThat(rows(Grouping.GROUPING_WORKLOAD))
        .containsExactly("shop|Deployment/web|2|150", "lab|StatefulSet/db|1|20");
    assertThat(rows(Grouping.GROUPING_NAMESPACE)).containsExactly("shop||2|150", "lab||1|20");
    assertThat(rows(Grouping.GROUPING_NODE)).containsExactly("|n1|1|100", "|n2|2|70");
    assertThat(rows(Grouping.GROUPING_POD)).first().isEqualTo("shop|web-1|1|100");
  }

  @Test
  void rows_beyondTheLimit_areInTheTotal() {
    GetClusterStatsResponse answer = stats.rows(Grouping.GROUPING_POD, "shop", 1, 3);

    assertThat(answer.getRowsCount()).isEqualTo(1);
    assertThat(answer.getRowsOmitted()).isEqualTo(1);
    assertThat(answer.getTotal().getBytesRedirected()).isEqualTo(150);
    assertThat(answer.getNodesReporting()).isEqualTo(2);
    assertThat(answer.getNodes()).isEqualTo(3);
  }

  @Test
  void reported_again_replacesTheLast() {
    stats.reported("n1", report(pod("shop", "web-1", "Deployment/web", 300)));

    assertThat(stats.ofPods(Set.of("shop/web-1", "lab/db-1")).getBytesRedirected()).isEqualTo(320);
    stats.retain(Set.of("n2"));
    assertThat(stats.report("n1")).isEmpty();
  }
}
