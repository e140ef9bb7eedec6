package dev.shunt.cluster;

import static dev.shunt.cluster.TestFacts.acceleration;
import static dev.shunt.cluster.TestFacts.node;
import static dev.shunt.cluster.TestFacts.pod;
import static dev.shunt.publish.grpc.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.cluster.distribute.NodeState;
import dev.shunt.ingest.distribution.PolicyStream;
import dev.shunt.v1.Counters;
import dev.shunt.v1.NodeReport;
import dev.shunt.v1.PodCounters;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a control plane, and those that read policy files. */
class ClusterCommandsTest {
  @TempDir private Path directory;
  private final NodeRecorder recorder = new NodeRecorder();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private PlaneBed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new PlaneBed(directory);
    bed.core().sink().accept(node("n1", Map.of()));
    bed.core().sink().accept(pod("1", "shop", "n1", "web"));
    bed.core().sink().accept(acceleration("shop", "web", "accelerate"));
    bed.core().sink().synced();
    bed.core()
        .stats()
        .reported(
            "n1",
            NodeReport.newBuilder()
                .addPods(
                    PodCounters.newBuilder()
                        .setNamespace("shop")
                        .setName("web-1")
                        .setWorkload("Deployment/web")
                        .setCounters(
                            Counters.newBuilder().setBytesRedirected(3072).setBytesPassed(1024)))
                .build());
  }

  @AfterEach
  void stop() {
    bed.close();
  }

  private int run(String user, String... words) throws Exception {
    Path token = directory.resolve("token");
    Files.writeString(token, "user:" + user + "\n");
    List<String> all = new ArrayList<>();
    all.add("--cluster=localhost:" + bed.port());
    all.add("--cluster-ca=" + bed.caFile());
    all.add("--token-file=" + token);
    all.addAll(List.of(words));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... words) {
    return ShuntCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  @Test
  void nodes_programmed_listed() throws Exception {
    try (PolicyStream stream = PolicyStream.start(bed.node("n1"), recorder, recorder)) {
      until(
          "programmed",
          () -> bed.core().directory().state("n1").map(NodeState::isProgrammed).orElse(false));

      assertThat(run("reader", "nodes")).as(err.toString()).isEqualTo(ExitCode.OK);
      assertThat(stream.status().error()).isEmpty();
    }
    assertThat(out.toString()).contains("n1    yes        yes").contains("6.1");
  }

  @Test
  void nodes_notConnected_negative() throws Exception {
    assertThat(run("reader", "nodes", "-o", "json")).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out.toString()).contains("\"name\": \"n1\"").contains("\"connected\": false");
  }

  @Test
  void stats_byNamespace_sums() throws Exception {
    assertThat(run("reader", "stats", "--by", "namespace")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("shop").contains("3.00 KiB").contains("75");
  }

  @Test
  void explain_pod_saysWhichPolicyDecides() throws Exception {
    assertThat(run("reader", "explain", "pod/shop/web-1")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("Acceleration shop/web  yes")
        .contains("node n1 is not connected to this control plane");
    assertThat(run("reader", "explain", "pod/shop/nobody")).isEqualTo(ExitCode.NEGATIVE);
    assertThat(err.toString()).contains("find pod shop/nobody failed: there is none");
  }

  @Test
  void stats_withoutTheRight_refusedWithTheReason() throws Exception {
    assertThat(run("guest", "stats")).isEqualTo(ExitCode.CANNOT_RUN);
    assertThat(err.toString()).contains("guest may not get statistics.shunt.dev");
  }

  @Test
  void status_ofACluster_usage() throws Exception {
    assertThat(run("reader", "status")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--cluster: a node answers this");
  }

  @Test
  void nodes_withoutACluster_usage() {
    assertThat(execute("nodes")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("give --cluster HOST:PORT");
  }

  private Path file(String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.writeString(file, text);
    return file;
  }

  private static String policy(String name, String spec) {
    return """
    apiVersion: shunt.dev/v1alpha1
    kind: Acceleration
    metadata: {name: %s, namespace: shop}
    spec: %s
    """
        .formatted(name, spec);
  }

  @Test
  void policyCheck_good_listed() throws Exception {
    Path good = file("good.yaml", policy("web", "{mode: observe}"));

    assertThat(execute("policy", "check", good.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Acceleration shop/web  valid");
  }

  @Test
  void policyCheck_badField_namedWithItsPlace() throws Exception {
    Path bad = file("bad.yaml", policy("web", "{ports: {include: [70000]}}"));

    assertThat(execute("policy", "check", bad.toString())).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out.toString()).contains("bad.yaml:4: spec.ports.include[0]: 70000 (expected:");
  }

  @Test
  void policyCheck_twoThatContradict_named() throws Exception {
    Path one = file("one.yaml", policy("a", "{mode: observe}"));
    Path two = file("two.yaml", policy("b", "{mode: \"off\"}"));

    assertThat(execute("policy", "check", one.toString(), two.toString(), "-o", "json"))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(out.toString())
        .contains("Acceleration shop/b selects the same as Acceleration shop/a");
  }

  @Test
  void policyCheck_telemetry_readAndCompared() throws Exception {
    Path one = file("one.yaml", telemetry("a", "{modules: [{name: http, sampling: 10}]}"));
    Path two = file("two.yaml", telemetry("b", "{modules: [{name: http, sampling: 20}]}"));
    Path bad = file("bad.yaml", telemetry("c", "{modules: [{name: tls, sampling: 20}]}"));

    assertThat(execute("policy", "check", one.toString())).isEqualTo(ExitCode.OK);
    assertThat(execute("policy", "check", one.toString(), two.toString()))
        .isEqualTo(ExitCode.NEGATIVE);
    assertThat(out.toString()).contains("Telemetry shop/a  valid");
    assertThat(out.toString()).contains("Telemetry shop/b selects the same as Telemetry shop/a");
    assertThat(execute("policy", "check", bad.toString())).isEqualTo(ExitCode.NEGATIVE);
    assertThat(out.toString()).contains("only with the module http, not with tls");
  }

  private static String telemetry(String name, String spec) {
    return policy(name, spec).replace("kind: Acceleration", "kind: Telemetry");
  }

  @Test
  void policyCheck_hostFiles_readWithHost() throws Exception {
    Path file = file("host.yaml", policy("web", "{hostSelector: {networkNamespace: pod-a}}"));

    assertThat(execute("policy", "check", "--host", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(execute("policy", "check", file.toString())).isEqualTo(ExitCode.NEGATIVE);
  }
}
