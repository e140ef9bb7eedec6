package dev.shunt.agent;

import static dev.shunt.agent.PodNodeBed.LIMIT;
import static dev.shunt.agent.PodNodeBed.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.shunt.agent.PodBed.Driver;
import dev.shunt.agent.PodBed.Pod;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.Connector;
import dev.shunt.ingest.kubernetes.PodObject;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connect policies, traffic filters and telemetry of a cluster, on pods that are processes. */
class PodRulesIT {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String NODE = "10.98.9.1";
  private static final int WAIT_MILLIS = 200;
  private static final int CLOSED_PORT = 4995;

  @TempDir private Path home;

  private PodNodeBed bed;

  @BeforeEach
  void makePlace() throws Exception {
    bed = PodNodeBed.open(home, "pod-rules-it");
  }

  @AfterEach
  void removePlace() throws Exception {
    bed.close();
  }

  @Test
  void connectPolicy_ofPods_deniesTheirExecutableOnly() throws Exception {
    Path program = Connector.compile(home.resolve("try-connect"));
    Pod web = bed.pods().hostNetworkPod(Driver.SYSTEMD);
    Pod other = bed.pods().hostNetworkPod(Driver.CGROUPFS);
    bed.server().pod(new PodObject(web.uid(), "shop", "web").labels(WEB).hostNetwork());
    bed.server().pod(new PodObject(other.uid(), "shop", "other").hostNetwork());
    bed.policy(
        """
        apiVersion: shunt.dev/v1alpha1
        kind: ConnectPolicy
        metadata: {name: cut, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          rules:
            - {name: cut, action: deny, protocol: tcp, ports: [4001], executables: [%s]}
        """
            .formatted(program));
    try (NodeProcess node = bed.node("node");
        Connector inWeb = Connector.start(bed.host(), web.container(), program);
        Connector inOther = Connector.start(bed.host(), other.container(), program)) {
      assertThat(node.await(() -> inWeb.isDenied("tcp-connect", LOOPBACK, 4001), LIMIT))
          .as("denied; log: %s", node.err())
          .isTrue();
      assertThat(inWeb.isDenied("tcp-connect", LOOPBACK, 4002)).as("another port").isFalse();
      assertThat(inOther.isDenied("tcp-connect", LOOPBACK, 4001)).as("another pod").isFalse();
      assertThat(new NodeClient(bed.socket()).run(ExitCode.OK, "filters", "--hits"))
          .contains("shop/cut")
          .contains("by " + program);

      bed.server().pod(new PodObject(web.uid(), "shop", "web").hostNetwork());
      assertThat(node.await(() -> !inWeb.isDenied("tcp-connect", LOOPBACK, 4001), LIMIT))
          .as("no longer selected")
          .isTrue();
    }
  }

  private static String ip(String... words) {
    List<String> argv = new ArrayList<>(List.of("ip"));
    argv.addAll(List.of(words));
    return TestObjects.run(argv);
  }

  private Pod podWithVeth() throws Exception {
    Pod pod = bed.pods().pod(Driver.SYSTEMD);
    bed.host()
        .call(
            () -> {
              ip("link", "add", "veth-it", "type", "veth", "peer", "eth0", "netns", pod.netns());
              ip("address", "add", NODE + "/30", "dev", "veth-it");
              ip("-n", pod.netns(), "address", "add", "10.98.9.2/30", "dev", "eth0");
              ip("-n", pod.netns(), "link", "set", "eth0", "up");
              return ip("link", "set", "veth-it", "up");
            });
    return pod;
  }

  /** Whether a datagram of a pod reaches a port of the node. */
  private boolean arrives(Pod pod, int port) {
    return bed.host()
        .call(
            () -> {
              InetSocketAddress at = new InetSocketAddress(NODE, port);
              try (DatagramSocket receiver = new DatagramSocket(at)) {
                receiver.setSoTimeout(WAIT_MILLIS);
                pod.inNetwork(() -> send(port));
                receiver.receive(new DatagramPacket(new byte[10], 10));
                return true;
              } catch (SocketTimeoutException dropped) {
                return false;
              }
            });
  }

  private static int send(int port) throws Exception {
    try (DatagramSocket sender = new DatagramSocket()) {
      sender.send(new DatagramPacket(new byte[10], 10, InetAddress.getByName(NODE), port));
      return port;
    }
  }

  @Test
  void trafficFilter_ofPods_dropsTheirPacketsOnly() throws Exception {
    Pod web = podWithVeth();
    bed.serve(web, "shop", "web", WEB);
    bed.policy(
        """
        apiVersion: shunt.dev/v1alpha1
        kind: TrafficFilter
        metadata: {name: cut, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          direction: egress
          rules:
            - {name: cut, action: deny, protocol: udp, ports: [4001]}
        """);
    try (NodeProcess node = bed.node("node")) {
      assertThat(node.await(() -> arrives(web, 4000) && !arrives(web, 4001), LIMIT))
          .as("cut; log: %s", node.err())
          .isTrue();
      assertThat(new NodeClient(bed.socket()).run(ExitCode.OK, "filters"))
          .contains("at pod:shop/web/egress");

      bed.serve(web, "shop", "web", Map.of());
      assertThat(node.await(() -> arrives(web, 4001), LIMIT)).as("no longer selected").isTrue();
      node.stop();
    }
  }

  private JsonArray telemetry() {
    String status = new NodeClient(bed.socket()).run(ExitCode.OK, "status", "-o", "json");
    return JsonParser.parseString(status).getAsJsonObject().getAsJsonArray("telemetry");
  }

  private String ofTelemetry(String key) {
    JsonArray modules = telemetry();
    return modules.isEmpty() ? "" : modules.get(0).getAsJsonObject().get(key).getAsString();
  }

  private static boolean isRefused() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), CLOSED_PORT));
      return false;
    } catch (IOException refused) {
      return true;
    }
  }

  @Test
  void telemetry_ofPods_followsTheirLabels() throws Exception {
    Pod web = bed.pods().pod(Driver.SYSTEMD);
    Pod other = bed.pods().pod(Driver.CGROUPFS);
    bed.serve(web, "shop", "web", WEB);
    bed.serve(other, "shop", "other", Map.of());
    bed.policy(
        """
        apiVersion: shunt.dev/v1alpha1
        kind: Telemetry
        metadata: {name: connects, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          modules:
            - name: connect
        """);
    try (NodeProcess node = bed.node("node")) {
      assertThat(node.await(() -> !ofTelemetry("hook").isEmpty(), LIMIT))
          .as("stands; log: %s", node.err())
          .isTrue();
      assertThat(ofTelemetry("namespaces")).isEqualTo("1");
      assertThat(other.inNetwork(PodRulesIT::isRefused)).isTrue();
      assertThat(web.inNetwork(PodRulesIT::isRefused)).isTrue();
      assertThat(node.await(() -> !ofTelemetry("events").equals("0"), LIMIT)).isTrue();
      assertThat(ofTelemetry("events")).isEqualTo("1");

      bed.serve(web, "shop", "web", Map.of());
      assertThat(node.await(() -> HeldModules.of(node.pid()).isEmpty(), LIMIT))
          .as("no longer selected; log: %s", node.err())
          .isTrue();
      assertThat(telemetry()).isEmpty();
    }
  }
}
