package dev.shunt.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.cluster.KubeTool.Result;
import dev.shunt.e2e.cluster.TestCluster.Programs;
import dev.shunt.e2e.cluster.kubelet.Images;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneName;
import dev.shunt.e2e.scene.SceneSweep;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The test bed itself: a real API server with one node. Needs the build of Kubernetes, so it runs
 * with {@code mvn -Pcluster} only.
 */
@Tag("cluster")
class ClusterBedIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final SceneName NAME = SceneName.fresh("cluster");

  @SuppressWarnings("NullAway.Init") // JUnit calls start first
  private static TestCluster cluster;

  @SuppressWarnings("NullAway.Init")
  private static ClusterNode node;

  @BeforeAll
  static void start() throws IOException {
    cluster = TestCluster.start(NAME.toString(), Programs.ofUser(line -> {}), line -> {});
    node = cluster.addNode("node-a", CgroupDriver.SYSTEMD, Images.none());
    cluster.kubectl().run("wait", "--for=condition=Ready", "node", "node-a", "--timeout=60s");
    cluster.kubectl().run("create", "namespace", "bed");
    Path disk = Files.createDirectories(node.settings().disk().resolve("var/lib/bed"));
    Files.writeString(disk.resolve("fromhost"), "disk\n");
    awaitTrue(() -> cluster.kubectl().tryRun("get", "sa", "-n", "bed", "default").exitCode() == 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
    assertThat(SceneSweep.remains(NAME)).isEmpty();
  }

  private static void awaitTrue(BooleanSupplier condition) {
    assertThat(Await.until(condition, LIMIT)).isTrue();
  }

  private static void apply(String yaml) {
    Path file = cluster.directory().path().resolve("applied.yaml");
    SceneDirectory.write(file, yaml, 0);
    cluster.kubectl().run("apply", "-f", file.toString());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ClusterBedIT.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String pod(String name, String path) {
    Result result =
        cluster.kubectl().tryRun("get", "pod", "-n", "bed", name, "-o", "jsonpath={" + path + "}");
    return result.out();
  }

  /** A pod of one container that a shell runs. */
  private static String shell(String name, String script, String more) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: bed}
    spec:
      terminationGracePeriodSeconds: 20
      volumes:
      - {name: disk, hostPath: {path: /var/lib/bed}}
      containers:
      - name: main
        image: busybox
        command: [sh, -c, '%s']
        volumeMounts:
        - {name: disk, mountPath: /disk}
    %s
    """
        .formatted(name, script, more.indent(4));
  }

  @Test
  void container_features_areAsInKubernetes() throws IOException {
    apply(resource("features.yaml"));

    awaitTrue(() -> pod("features", ".status.phase").matches("Succeeded|Failed"));

    String message = pod("features", ".status.containerStatuses[0].state.terminated.message");
    assertThat(pod("features", ".status.phase")).as(message).isEqualTo("Succeeded");
    assertThat(pod("features", ".status.initContainerStatuses[0].state.terminated.exitCode"))
        .isEqualTo("0");
  }

  @Test
  void container_thatFails_isRestartedWithBackOff() {
    apply(shell("crash", "exit 3", ""));

    String status = ".status.containerStatuses[0]";
    awaitTrue(() -> pod("crash", status + ".restartCount").matches("[3-9]"));

    assertThat(pod("crash", status + ".lastState.terminated.exitCode")).isEqualTo("3");
    awaitTrue(() -> pod("crash", status + ".state.waiting.reason").equals("CrashLoopBackOff"));
    cluster.kubectl().run("delete", "pod", "-n", "bed", "crash");
  }

  @Test
  void container_thatIsNotAlive_isRestarted() {
    apply(
        shell(
            "ill",
            "exec sleep 1000",
            """
            livenessProbe:
              exec: {command: [sh, -c, "exit 1"]}
              periodSeconds: 1
              failureThreshold: 2
            """));

    awaitTrue(() -> pod("ill", ".status.containerStatuses[0].restartCount").matches("[1-9]"));
    cluster.kubectl().run("delete", "pod", "-n", "bed", "ill");
  }

  @Test
  void pod_deleted_endsInOrderAndLeavesNothing() throws IOException {
    apply(
        shell(
            "orderly",
            "trap \"echo term >>/disk/order; exit 0\" TERM; while :; do sleep 0.1; done",
            """
            lifecycle:
              preStop: {exec: {command: [sh, -c, "echo hook >>/disk/order"]}}
            """));
    cluster.kubectl().run("wait", "--for=condition=Ready", "pod", "-n", "bed", "orderly");
    String uid = pod("orderly", ".metadata.uid");
    Path cgroup =
        node.settings()
            .cgroup()
            .path()
            .resolve("kubepods.slice/kubepods-besteffort.slice")
            .resolve("kubepods-besteffort-pod" + uid.replace('-', '_') + ".slice");
    try (Stream<Path> found = Files.list(cgroup)) {
      assertThat(found.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.matches("cri-containerd-[0-9a-f]{64}\\.scope"));
    }

    cluster.kubectl().run("delete", "pod", "-n", "bed", "orderly", "--timeout=15s");

    assertThat(Files.readString(node.settings().disk().resolve("var/lib/bed/order")))
        .isEqualTo("hook\nterm\n");
    awaitTrue(() -> !Files.exists(cgroup));
  }

  @Test
  void job_podSucceeds_isComplete() {
    apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once, namespace: bed}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers:
              - {name: main, image: busybox, command: ["true"]}
        """);

    cluster
        .kubectl()
        .run("wait", "--for=condition=complete", "job/once", "-n", "bed", "--timeout=60s");
  }

  @Test
  void token_audience_isChecked() {
    String token =
        cluster
            .kubectl()
            .run("create", "token", "default", "-n", "bed", "--audience=somebody")
            .strip();

    assertThat(review(token, "somebody")).contains("authenticated: true");
    assertThat(review(token, "nobody")).doesNotContain("authenticated: true");
  }

  private static String review(String token, String audience) {
    Path file = cluster.directory().path().resolve("review.yaml");
    SceneDirectory.write(
        file,
        """
        apiVersion: authentication.k8s.io/v1
        kind: TokenReview
        spec:
          token: %s
          audiences: [%s]
        """
            .formatted(token, audience),
        0);
    return cluster.kubectl().run("create", "-f", file.toString(), "-o", "yaml");
  }

  @Test
  void identities_mayDoNoMoreThanTheirs() {
    Path account = cluster.accountKubeconfig("bed", "default");
    cluster
        .kubectl()
        .run("create", "secret", "generic", "foreign", "-n", "default", "--from-literal=a=b");

    assertThat(cluster.kubectl(account).tryRun("get", "secrets", "-n", "bed").errors())
        .contains("Forbidden");
    Path kubelet = cluster.directory().path().resolve("node-a.kubeconfig");
    assertThat(cluster.kubectl(kubelet).tryRun("get", "secret", "foreign").errors())
        .contains("no relationship found between node 'node-a' and this object");
    assertThatThrownBy(() -> cluster.kubectl(kubelet).run("delete", "node", "node-a"))
        .hasMessageContaining("Forbidden");
  }

  @Test
  void client_ofThisProcess_reachesTheApiServer() throws Exception {
    CoreV1Api api = new CoreV1Api(KubeApi.client(cluster.adminKubeconfig(), cluster.sockets()));

    assertThat(api.readNode("node-a").execute().getStatus().getAddresses().get(0).getAddress())
        .isEqualTo(node.network().node().address());
  }

  @Test
  void service_fromAPod_isReachedByItsName() {
    apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: greeter, namespace: bed}
        spec:
          selector: {app: greeter}
          ports: [{port: 80, targetPort: 8000}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: greeter, namespace: bed, labels: {app: greeter}}
        spec:
          containers:
          - name: main
            image: python
            command: [python3, -m, http.server, "8000", --directory, /etc]
            readinessProbe: {tcpSocket: {port: 8000}, periodSeconds: 1}
        """);
    cluster
        .kubectl()
        .run("wait", "--for=condition=Ready", "pod", "-n", "bed", "greeter", "--timeout=60s");
    apply(
        shell(
                "caller",
                "until curl -sf --max-time 2 http://greeter.bed.svc/hostname; do sleep 0.2; done",
                "")
            .replace("spec:\n", "spec:\n  restartPolicy: Never\n"));

    awaitTrue(() -> pod("caller", ".status.phase").equals("Succeeded"));
  }
}
