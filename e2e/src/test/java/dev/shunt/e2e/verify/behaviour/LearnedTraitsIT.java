package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.scene.CgroupTree;
import dev.shunt.e2e.scene.Teardown;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that shows a trait on its connections is remembered for it by the node. */
class LearnedTraitsIT {
  private static final PeerVariant VARIANT = PeerVariant.parse("v4/nonblock/loopback");
  private static final Teardown TEARDOWN = new Teardown();

  private static PeerBed bed;
  private static NodeHost node;
  private static PeerRun runs;

  @BeforeAll
  static void startNode() {
    bed = TEARDOWN.add(PeerBed.make("traits"));
    node = TEARDOWN.add(new NodeHost(bed));
    node.start();
    runs = new PeerRun(PeerProgram.build(bed.directory()));
  }

  @AfterAll
  static void stopNode() {
    TEARDOWN.close();
  }

  @ParameterizedTest
  @CsvSource({
    "splice_first_use,splice",
    "fionread_first_use,fionread",
    "msg_oob,oob",
    "late_zerocopy,zerocopy",
    "uring_send_zerocopy,zerocopy",
    "tcp_inq,inq",
    "peek_offset,peek_off",
    "small_write_stream,small_writes"
  })
  void workload_thatShowsATrait_isListedWithIt(String peerCase, String trait) {
    assertThat(learnedIn(peerCase)).contains(trait);
  }

  @ParameterizedTest
  @CsvSource({"pingpong", "early_zerocopy"})
  void workload_thatShowsNone_isNotListed(String peerCase) {
    assertThat(learnedIn(peerCase)).isEmpty();
  }

  private static List<String> learnedIn(String peerCase) {
    return bed.run(
        stage -> {
          runs.run(stage, peerCase, VARIANT, List.of());
          return node.traits(pathOf(stage));
        });
  }

  private static String pathOf(CaseStage stage) {
    return "/" + CgroupTree.mountPoint().orElseThrow().relativize(stage.cgroup().path());
  }

  @Test
  void workload_afterTheNodeWasKilled_isStillListed() {
    List<String> learned =
        bed.run(
            stage -> {
              runs.run(stage, "tcp_inq", VARIANT, List.of());
              node.kill();
              node.start();
              return node.traits(pathOf(stage));
            });

    assertThat(learned).containsExactly("inq");
  }
}
