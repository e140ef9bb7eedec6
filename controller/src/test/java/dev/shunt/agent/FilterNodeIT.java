package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TestNetns;
import dev.shunt.datapath.libbpf.TestObjects;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic filters from their file to packets of a pod, in namespaces of its own. */
class FilterNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String HOST = "10.98.7.1";
  private static final int WAIT_MILLIS = 200;

  @TempDir private Path home;

  private final String name = "filter-it-" + ProcessHandle.current().pid();
  private final Path pod = Path.of("/run/netns", name);
  private final TestNetns host = new TestNetns();
  private NodePlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = NodePlace.make(home, name);
    TestObjects.run(List.of("ip", "netns", "add", name));
    host.call(
        () -> {
          ip("link", "add", "veth-it", "type", "veth", "peer", "name", "eth0", "netns", name);
          ip("address", "add", HOST + "/30", "dev", "veth-it");
          ip("-n", name, "address", "add", "10.98.7.2/30", "dev", "eth0");
          ip("-n", name, "link", "set", "eth0", "up");
          return ip("link", "set", "veth-it", "up");
        });
  }

  @AfterEach
  void removePlace() throws IOException {
    TestObjects.run(List.of("ip", "netns", "delete", name));
    host.close();
    Files.delete(place.cgroup());
  }

  private static String ip(String... words) {
    List<String> argv = new ArrayList<>(List.of("ip"));
    argv.addAll(List.of(words));
    return TestObjects.run(argv);
  }

  private NodeProcess node(String id) {
    return host.call(() -> place.start(id, "--netns", name, "--metrics-port", "0"));
  }

  private void policy(String rules) throws IOException {
    Path fresh =
        Files.writeString(
            home.resolve("fresh"),
            """
            apiVersion: shunt.dev/v1alpha1
            kind: TrafficFilter
            metadata: {name: web}
            spec:
              direction: egress
              hostSelector: {networkNamespace: %s}
              rules:
            """
                    .formatted(name)
                + rules.indent(4));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(
        fresh,
        place.policy("web.yaml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String shunt(int expected, String... words) {
    return new NodeClient(place.socket()).run(expected, words);
  }

  /** Whether a datagram of the pod reaches the host's port. */
  private boolean arrives(int port) {
    return host.call(
        () -> {
          try (DatagramSocket receiver = new DatagramSocket(new InetSocketAddress(HOST, port))) {
            receiver.setSoTimeout(WAIT_MILLIS);
            Netns.call(
                pod,
                () -> {
                  try (DatagramSocket sender = new DatagramSocket()) {
                    InetAddress to = InetAddress.getByName(HOST);
                    sender.send(new DatagramPacket(new byte[10], 10, to, port));
                    return port;
                  }
                });
            receiver.receive(new DatagramPacket(new byte[10], 10));
            return true;
          } catch (SocketTimeoutException dropped) {
            return false;
          }
        });
  }

  /** Packets that the rule called cut decided. */
  private long hits() {
    Matcher rule =
        Pattern.compile("default/web/cut +deny +enforce +(\\d+)")
            .matcher(shunt(ExitCode.OK, "filters", "--hits"));
    assertThat(rule.find()).isTrue();
    return Long.parseLong(rule.group(1));
  }

  @Test
  void filterFile_ofAPod_isInForceAndExplained() throws Exception {
    policy("- {name: cut, action: deny, protocol: udp, ports: [4001]}");
    try (NodeProcess node = node("node")) {
      assertThat(node.await(() -> arrives(4000) && !arrives(4001), LIMIT)).isTrue();
      assertThat(shunt(ExitCode.OK, "filters", "--hits"))
          .containsPattern("default/web/cut +deny +enforce +\\d+ +\\d+ +udp ports 4001\n");
      assertThat(shunt(ExitCode.OK, "filters")).contains("at " + name + "/egress: tcx of veth-it");
      String[] test = {"filters", "test", "--at", name + "/egress", "--live", "--packet", ""};
      test[6] = "udp 10.98.7.2:1000 -> 10.98.7.1:4001";
      assertThat(shunt(ExitCode.OK, test))
          .isEqualTo("deny: by rule default/web/cut\nthe program: deny\n");
      test[6] = "udp 10.98.7.2:1000 -> 10.98.7.1:4000";
      assertThat(shunt(ExitCode.OK, test))
          .isEqualTo(
              """
              not default/web/cut: destination port 4000
              allow: no rule matches
              the program: allow
              """);

      CompletableFuture<String> denials =
          CompletableFuture.supplyAsync(
              () -> shunt(ExitCode.OK, "denials", "--watch", "--limit", "1", "-o", "json"));
      assertThat(node.await(() -> !arrives(4001) && denials.isDone(), LIMIT)).isTrue();
      assertThat(denials.get())
          .contains("\"rule\": \"default/web/cut\"")
          .contains("\"at\": \"" + name + "/egress\"")
          .contains("\"source_address\": \"10.98.7.2\"");

      policy("- {name: cut, action: deny, protocol: udp, ports: [99999]}");
      assertThat(node.await(() -> node.err().contains("99999"), LIMIT)).isTrue();
      assertThat(arrives(4001)).as("the last good rules hold").isFalse();

      Files.delete(place.policy("web.yaml"));
      assertThat(node.await(() -> arrives(4001), LIMIT)).isTrue();
      node.stop();
      assertThat(place.pins()).doesNotExist();
    }
  }

  @Test
  void node_killed_filtersHoldAndTheNextNodeTakesOver() throws Exception {
    policy("- {name: cut, action: deny, protocol: udp, ports: [4001]}");
    try (NodeProcess first = node("first")) {
      assertThat(first.await(() -> !arrives(4001), LIMIT)).isTrue();
      assertThat(hits()).isEqualTo(1);
    } // killed
    assertThat(arrives(4001)).as("without a node").isFalse();
    try (NodeProcess second = node("second")) {
      assertThat(arrives(4001)).isFalse();
      assertThat(hits()).as("of all three, whatever ran").isEqualTo(3);
      assertThat(arrives(4000)).isTrue();
      second.stop();
    }
    assertThat(arrives(4001)).as("after a drain").isTrue();
    assertThat(place.pins()).doesNotExist();
  }
}
