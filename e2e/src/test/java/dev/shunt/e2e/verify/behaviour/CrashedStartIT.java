package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts that die by SIGKILL in their n-th bpf() call, which strace makes happen: the node does not
 * know. Each start meets what the one before it left; a last one repairs it, and checksummed
 * traffic never notices.
 */
class CrashedStartIT {
  private static final PeerVariant LOOPBACK = PeerVariant.parse("v4/nonblock/loopback");
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long SOME_BYTES = 4L << 20;

  /**
   * A start makes its maps in the calls 13 to 55, loads programs to 90, attaches to 135, tests
   * itself to 150 and writes policy in 1176. All of them: {@code -Dshunt.crashes=...}.
   */
  private static final List<Integer> CALLS =
      Stream.of(System.getProperty("shunt.crashes", "40,147").split(","))
          .map(Integer::valueOf)
          .toList();

  @TempDir private static Path builds;
  private static PeerProgram program;
  private static ShuntProgram otherLayout;

  private PeerBed bed;
  private NodeHost host;
  private SceneProcess load;

  @BeforeAll
  static void compile() throws IOException {
    program = PeerProgram.build(Files.createDirectory(builds.resolve("peers")));
    otherLayout = NextVersion.otherLayout(Files.createDirectory(builds.resolve("other")));
  }

  @BeforeEach
  void startLoad() {
    bed = PeerBed.make("crash");
    host = new NodeHost(bed);
    host.prepare();
    load =
        new PeerRun(program)
            .start(
                new CaseStage(bed, bed.cgroup().child("load"), bed.directory()),
                "checksummed_load",
                LOOPBACK,
                List.of("--seconds", "300", "--connections", "4"));
  }

  @AfterEach
  void removeAll() {
    load.close();
    host.close();
    bed.close();
  }

  @Test
  void starts_killedAtAnyStep_nextStartRepairs() {
    CALLS.forEach(call -> crash(host, call));
    host.start();
    awaitRedirecting();
    List<String> links = links();

    host.kill();
    CALLS.forEach(call -> crash(new NodeHost(bed, otherLayout), call));
    crash(host, CALLS.get(0));
    host.start();

    awaitRedirecting();
    assertThat(Await.until(() -> versions().size() == 1, LIMIT)).as("one version left").isTrue();
    assertThat(links()).isEqualTo(links);
    assertThat(attached())
        .containsExactlyInAnyOrder("guard_connect4", "guard_connect6", "guard_setsockopt", "pair");
    host.close();
    assertThat(host.isPinned()).isFalse();
    assertThat(attached()).isEmpty();
    endLoad();
  }

  /** Runs a start under strace until its n-th bpf() call, or until it is refused. */
  private void crash(NodeHost node, int call) {
    List<String> argv =
        new ArrayList<>(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=bpf"));
    argv.addAll(List.of("-e", "inject=bpf:signal=SIGKILL:when=" + call));
    argv.addAll(node.command());
    SceneProcess start = SceneProcess.start("strace", argv, bed.directory().resolve("crash.log"));
    assertThat(Await.until(() -> !start.isAlive(), LIMIT)).as(start.logTail()).isTrue();
    assertThat(load.isAlive()).as("load goes on").isTrue();
  }

  private void awaitRedirecting() {
    long before = host.stats().bytesRedirected();
    assertThat(
            Await.until(
                () -> host.stats().bytesRedirected() > before + SOME_BYTES || !load.isAlive(),
                LIMIT))
        .as("bytes are redirected")
        .isTrue();
    assertThat(load.isAlive()).as("load goes on").isTrue();
  }

  private List<String> versions() {
    return list(host.pins());
  }

  private List<String> links() {
    return list(host.pins().resolve("v" + PinDirectory.LAYOUT_VERSION).resolve("links"));
  }

  private static List<String> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Names of the programs at the bed's cgroup, as the kernel lists them. */
  private List<String> attached() {
    SceneProcess tool =
        SceneProcess.start(
            "bpftool",
            List.of("bpftool", "cgroup", "show", bed.cgroup().path().toString()),
            bed.directory().resolve("attached.txt"));
    assertThat(tool.awaitExit(LIMIT)).isZero();
    return tool.log()
        .lines()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > 1)
        .map(fields -> fields[fields.length - 1])
        .toList();
  }

  private void endLoad() {
    load.terminate();
    int exit = load.awaitExit(LIMIT);
    Observations result = Observations.parse(load.log());
    assertThat(result.detail()).isEmpty();
    assertThat(exit).isZero();
    assertThat(result.observations()).containsEntry("mismatches", "0").containsEntry("errors", "0");
  }
}
