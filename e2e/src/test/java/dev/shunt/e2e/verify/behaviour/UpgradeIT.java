package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node processes of two versions follow each other while checksummed traffic goes on. */
class UpgradeIT {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long SOME_BYTES = 4L << 20;
  private static final Pattern BUILD = Pattern.compile("\"build\": \"([0-9a-f]{12})\"");
  private static final Pattern STANDS =
      Pattern.compile("\"telemetry\": \\[[^\\]]*\"hook\": \"[a-z]");
  private static final String TELEMETRY =
      """
      apiVersion: shunt.dev/v1alpha1
      kind: Telemetry
      metadata: {name: seen}
      spec: {hostSelector: {networkNamespace: %s}, modules: [{name: connect}]}
      """;
  private static final Pattern CONNECTIONS = Pattern.compile("\"connections\": \"?(\\d+)");

  @TempDir private static Path builds;
  private static PeerProgram program;
  private static ShuntProgram sameLayout;
  private static ShuntProgram otherLayout;

  private PeerBed bed;
  private PeerRun peers;
  private NodeHost host;
  private SceneProcess load;
  private SceneProcess turns;

  @BeforeAll
  static void compile() throws IOException {
    program = PeerProgram.build(Files.createDirectory(builds.resolve("peers")));
    sameLayout = NextVersion.sameLayout(Files.createDirectory(builds.resolve("same")));
    otherLayout = NextVersion.otherLayout(Files.createDirectory(builds.resolve("other")));
  }

  @BeforeEach
  void startLoad() throws IOException {
    bed = PeerBed.make("upgr");
    peers = new PeerRun(program);
    host = new NodeHost(bed);
    host.start();
    load = start("load", "checksummed_load", "--connections", "2");
    turns = start("turns", "conntrack_idle");
    awaitRedirecting(host);
  }

  @AfterEach
  void removeAll() {
    load.close();
    turns.close();
    host.close();
    bed.close();
  }

  @Test
  void sameLayout_otherBuildThenUninstall_trafficGoesOn() {
    NodeHost next = new NodeHost(bed, sameLayout);
    String before = build(host.status());
    List<String> links = links();

    replace(next);

    assertThat(build(next.status())).isNotEqualTo(before);
    assertThat(next.status()).contains("\"readopted\": true");
    assertThat(links()).isEqualTo(links);
    awaitRedirecting(next);

    String document = next.uninstall();

    assertThat(document).contains("node (process ", "program pair-", "map members");
    assertThat(next.isPinned()).isFalse();
    assertThat(bed.directory().resolve("node").resolve("state")).doesNotExist();
    endAll();
  }

  @Test
  void otherLayout_upgradeAndRollback_bothServeTheirConnections() throws IOException {
    NodeHost next = new NodeHost(bed, otherLayout);
    NodeHost again = new NodeHost(bed);

    replace(next);

    assertThat(oldConnections(next)).isEqualTo(3);
    endTurns();
    assertThat(Await.until(() -> oldConnections(next) == 2, LIMIT)).as("one is closed").isTrue();
    SceneProcess young = start("young", "checksummed_load", "--connections", "1");
    awaitRedirecting(next);
    long redirectedBefore = next.stats().bytesRedirected();
    next.kill();
    host = again;
    again.start();
    assertThat(oldConnections(again)).isEqualTo(1);
    assertThat(again.status()).contains("\"layout_version\": " + NextVersion.LAYOUT);
    awaitRedirecting(again); // the connections of the first node, which it serves again
    assertThat(redirectedBefore).isPositive();
    again.mode("off");
    assertThat(Await.until(() -> !Files.exists(version(NextVersion.LAYOUT)), LIMIT))
        .as("a version goes with its last accelerated connection, and policy binds it")
        .isTrue();
    end(young);
    end(load);
  }

  /** Programs of another layout cannot be told of policies, but these change nothing for them. */
  @Test
  void otherLayout_telemetryIsSwitchedOn_servesItsConnections() throws IOException {
    NodeHost next = new NodeHost(bed, otherLayout);
    replace(next);
    String namespace = bed.place().namespaces().get(0);

    Files.writeString(next.policyFile("telemetry"), TELEMETRY.formatted(namespace));

    assertThat(Await.until(() -> STANDS.matcher(next.status()).find(), LIMIT)).isTrue();
    endTurns();
    assertThat(Await.until(() -> oldConnections(next) == 2, LIMIT)).as("one is closed").isTrue();

    Files.writeString(next.policyFile(namespace), NodeHost.policy(namespace, "observe"));

    assertThat(Await.until(() -> !Files.exists(version(PinDirectory.LAYOUT_VERSION)), LIMIT))
        .as("policies about acceleration bind it")
        .isTrue();
    end(load);
  }

  @Test
  void uninstall_killedNodesOfTwoVersions_everythingGoneTrafficGoesOn() {
    NodeHost next = new NodeHost(bed, otherLayout);
    replace(next);
    next.kill();

    String document = next.uninstall();

    assertThat(document)
        .contains("of layout " + PinDirectory.LAYOUT_VERSION, "of layout " + NextVersion.LAYOUT);
    assertThat(next.isPinned()).isFalse();
    endAll();
  }

  private SceneProcess start(String name, String caseName, String... options) throws IOException {
    CgroupTree cgroup = bed.cgroup().child(name);
    List<String> all = Stream.concat(Stream.of("--seconds", "240"), Stream.of(options)).toList();
    CaseStage stage =
        new CaseStage(bed, cgroup, Files.createDirectory(bed.directory().resolve(name)));
    return peers.start(stage, caseName, LOOPBACK, all);
  }

  /** A node dies without a word, and another takes its place. */
  private void replace(NodeHost next) {
    host.kill();
    host = next;
    next.start();
  }

  private void awaitRedirecting(NodeHost node) {
    long before = node.stats().bytesRedirected();
    assertThat(
            Await.until(
                () -> node.stats().bytesRedirected() > before + SOME_BYTES || !load.isAlive(),
                LIMIT))
        .as("bytes are redirected")
        .isTrue();
    assertThat(load.isAlive()).as("load goes on").isTrue();
  }

  private Path version(int layout) {
    return host.pins().resolve("v" + layout);
  }

  private List<String> links() {
    try (Stream<Path> files = Files.list(version(PinDirectory.LAYOUT_VERSION).resolve("links"))) {
      return files.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String build(String status) {
    Matcher matcher = BUILD.matcher(status);
    assertThat(matcher.find()).as(status).isTrue();
    return matcher.group(1);
  }

  private static long oldConnections(NodeHost node) {
    String status = node.status();
    Matcher matcher = CONNECTIONS.matcher(status.substring(status.indexOf("\"old_versions\"")));
    assertThat(matcher.find()).as(status).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private void endAll() {
    end(load);
    endTurns();
  }

  private void endTurns() {
    turns.terminate();
    assertThat(turns.awaitExit(LIMIT)).as(turns.log()).isZero();
    Observations result = Observations.parse(turns.log());
    assertThat(result.detail()).isEmpty();
    assertThat(result.observations()).containsEntry("order_ok", "true");
    System.out.println("longest turn: " + result.timing().get("longest_turn_us") + " us");
  }

  private static void end(SceneProcess load) {
    load.terminate();
    int exit = load.awaitExit(LIMIT);
    Observations result = Observations.parse(load.log());
    assertThat(result.detail()).isEmpty();
    assertThat(exit).isZero();
    assertThat(result.observations()).containsEntry("mismatches", "0").containsEntry("errors", "0");
    assertThat(result.timing().getOrDefault("bytes", 0L)).isPositive();
  }
}
