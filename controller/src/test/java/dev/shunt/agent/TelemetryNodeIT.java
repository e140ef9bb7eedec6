package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Telemetry from a policy file to events of one of two network namespaces. */
class TelemetryNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(1);
  private static final int CLOSED_PORT = 4996;

  @TempDir private Path home;

  private final String name = "telemetry-it-" + ProcessHandle.current().pid();
  private final List<String> pods = List.of(name + "-a", name + "-b");
  private NodePlace place;
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    place = NodePlace.make(home, name);
    for (String pod : pods) {
      TestObjects.run(List.of("ip", "netns", "add", pod));
      TestObjects.run(List.of("ip", "-n", pod, "link", "set", "lo", "up"));
    }
    node = place.start("node", "--netns", "host", "--metrics-port", "0", "--on-stop", "keep");
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    for (String pod : pods) {
      TestObjects.run(List.of("ip", "netns", "delete", pod));
    }
    place.remove();
  }

  /** Switches connect on in network namespaces, with a policy for each; as one change. */
  private void policies(String... namespaces) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String namespace : namespaces) {
      text.append(
          """
          ---
          apiVersion: shunt.dev/v1alpha1
          kind: Telemetry
          metadata: {name: %s}
          spec:
            hostSelector: {networkNamespace: %s}
            modules:
              - name: connect
          """
              .formatted(namespace, namespace));
    }
    Path fresh = Files.writeString(home.resolve("fresh"), text);
    Path file = place.policy("telemetry.yaml");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What the node says of the modules that stand. */
  private JsonArray telemetry() {
    String status = new NodeClient(place.socket()).run(ExitCode.OK, "status", "-o", "json");
    return JsonParser.parseString(status).getAsJsonObject().getAsJsonArray("telemetry");
  }

  /** It has a hook from when it sees what it is to see. */
  private boolean stands() {
    JsonArray modules = telemetry();
    return !modules.isEmpty()
        && !modules.get(0).getAsJsonObject().get("hook").getAsString().isEmpty();
  }

  private long events() {
    for (JsonElement module : telemetry()) {
      return module.getAsJsonObject().get("events").getAsLong();
    }
    return 0;
  }

  private Set<Integer> modules() {
    return HeldModules.of(node.pid());
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    assertThat(node.await(condition, LIMIT)).as("%s; log: %s", what, node.err()).isTrue();
  }

  private static void connect(String pod) {
    try (NetworkNamespace namespace = NetworkNamespace.open(pod)) {
      assertThat(Netns.call(namespace.fd(), TelemetryNodeIT::isRefused)).isTrue();
    }
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
  void policy_ofOneNamespace_itsEventsWhileItIsThere() throws Exception {
    String a = pods.get(0);
    String b = pods.get(1);
    assertThat(modules()).as("before").isEmpty();
    assertThat(telemetry()).isEmpty();

    policies(a);
    await("the module", this::stands);
    Set<Integer> attached = modules();
    assertThat(attached).hasSize(1);
    for (int i = 0; i < 5; i++) {
      connect(a);
      connect(b);
    }
    connect(a); // what came before it has been told when it has
    await("the events of one", () -> events() >= 6);
    assertThat(events()).isEqualTo(6);

    policies(a, b);
    long changed = System.nanoTime();
    await(
        "both",
        () -> telemetry().get(0).getAsJsonObject().get("namespaces").getAsInt() == pods.size());
    assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(FOLLOWED_WITHIN);
    connect(b);
    await("the event of the other", () -> events() >= 7);

    policies(b);
    await("one", () -> telemetry().get(0).getAsJsonObject().get("namespaces").getAsInt() == 1);
    connect(a);
    connect(b);
    await("the event of the other", () -> events() >= 8);
    assertThat(events()).isEqualTo(8);
    assertThat(modules()).as("not attached again").isEqualTo(attached);

    Files.delete(place.policy("telemetry.yaml"));
    await("nothing", () -> modules().isEmpty());
    assertThat(telemetry()).isEmpty();
    connect(b);
    assertThat(node.err()).doesNotContain("telemetry policies failed");
  }

  @Test
  void node_stoppedWithKeep_leavesNothingOfTelemetry() throws Exception {
    policies(NetworkNamespace.HOST);
    await("the module", this::stands);
    Set<Integer> attached = modules();
    assertThat(isRefused()).isTrue();
    await("an event of the host's own namespace", () -> events() >= 1);

    node.stop();

    Libbpf libbpf = new Libbpf();
    Await.until(
        "the programs to leave",
        () -> libbpf.programs().stream().noneMatch(program -> attached.contains(program.id())));
    try (Stream<Path> kept = Files.walk(place.pins())) {
      assertThat(kept.map(path -> path.getFileName().toString()))
          .isNotEmpty()
          .noneMatch(file -> file.matches("connect_(btf|raw)|chosen|records|rooms|openings"));
    }
  }
}
