package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever says that live pairs may not be redirected any more moves them to TCP, whole, and back
 * when it is taken back. {@code shunt verify faults --case revocation} measures how soon.
 */
class RevocationIT {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PORT = 15999;

  /** Far more often than the load sends. */
  private static final int SAMPLES = 30;

  private static final long SOME_BYTES = 1L << 20;
  private static final Teardown TEARDOWN = new Teardown();

  private static PeerBed bed;
  private static NodeHost node;
  private static SceneProcess load;

  @BeforeAll
  static void startLoad() {
    bed = TEARDOWN.add(PeerBed.make("revoke"));
    PeerProgram program = PeerProgram.build(bed.directory());
    node = TEARDOWN.add(new NodeHost(bed));
    node.start();
    load =
        TEARDOWN.add(
            new PeerRun(program)
                .start(
                    new CaseStage(bed, bed.cgroup().child("load"), bed.directory()),
                    "checksummed_load",
                    LOOPBACK,
                    // three connections: none of them is ever opened anew
                    List.of(
                        "--seconds=600",
                        "--connections=3",
                        "--count=200",
                        "--listen=127.0.0.1:" + PORT)));
    awaitRedirecting();
  }

  @AfterAll
  static void everyByteArrived() {
    try {
      load.terminate();
      assertThat(load.awaitExit(LIMIT)).isZero();
      Observations result = Observations.parse(load.log());
      assertThat(result.detail()).isEmpty();
      assertThat(result.observations())
          .containsEntry("mismatches", "0")
          .containsEntry("errors", "0");
      assertThat(result.timing()).as("one connection each").containsEntry("connections", 3L);
    } finally {
      TEARDOWN.close();
    }
  }

  @Test
  void mode_off_livePairsGoToTcpAndBack() {
    node.mode("off");
    awaitQuiet();

    node.mode("policy");
    awaitRedirecting();
  }

  @Test
  void policy_edited_livePairsGoToTcpAndBack() throws IOException {
    String before = Files.readString(policy());
    Files.writeString(policy(), NodeHost.policy(namespace(), "observe"));
    awaitQuiet();

    Files.writeString(policy(), before);
    awaitRedirecting();
  }

  @Test
  void policy_removed_livePairsGoToTcpAndBack() throws IOException {
    String before = Files.readString(policy());
    Files.delete(policy());
    awaitQuiet();

    Files.writeString(policy(), before);
    awaitRedirecting();
  }

  @Test
  void port_excluded_livePairsGoToTcpAndBack() throws IOException {
    String before = Files.readString(policy());
    Files.writeString(policy(), before + "  ports:\n    exclude: [%d]\n".formatted(PORT));
    awaitQuiet();

    Files.writeString(policy(), before);
    awaitRedirecting();
  }

  @Test
  void path_forbidden_livePairsGoToTcpAndBack() throws IOException {
    String before = Files.readString(policy());
    Files.writeString(policy(), before.replace("samePod: true", "samePod: false"));
    awaitQuiet();

    Files.writeString(policy(), before);
    awaitRedirecting();
  }

  @Test
  void policy_addedForTheCgroup_livePairsGoToTcpAndBack() throws IOException {
    Path root = CgroupTree.mountPoint().orElseThrow();
    Path added = policy().resolveSibling("added.yaml");
    Files.writeString(
        added,
        NodeHost.policy("added", "off")
            .replace(
                "networkNamespace: added",
                "cgroupPath: /" + root.relativize(bed.cgroup().path().resolve("load"))));
    awaitQuiet();

    Files.delete(added);
    awaitRedirecting();
  }

  private static String namespace() {
    return bed.namespaces().get(0);
  }

  private static Path policy() {
    return node.policyFile(namespace());
  }

  private static void awaitRedirecting() {
    long before = node.stats().bytesRedirected();
    assertThat(Await.until(() -> node.stats().bytesRedirected() > before + SOME_BYTES, LIMIT))
        .as("bytes are redirected: " + load.logTail())
        .isTrue();
  }

  private static void awaitQuiet() {
    assertThat(Await.until(RevocationIT::isQuiet, LIMIT)).as("redirecting ends").isTrue();
  }

  private static boolean isQuiet() {
    long before = node.stats().bytesRedirected();
    for (int i = 0; i < SAMPLES; i++) {
      if (node.stats().bytesRedirected() != before) {
        return false;
      }
    }
    return load.isAlive();
  }
}
