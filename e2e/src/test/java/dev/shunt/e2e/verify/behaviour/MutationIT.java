package dev.shunt.e2e.verify.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.demo.ShuntProgram;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import dev.shunt.e2e.verify.behaviour.ChangedBuild.Change;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each guard has a case: with the guard taken out of the programs, that case is different. The
 * start-up self-test, which refuses some of these builds by itself, is taken out with it.
 */
class MutationIT {
  private static final String VARIANT = "v4/nonblock/loopback";

  private static final Change SELF_TEST =
      new Change(
          "sockmap/policy.h",
          "\tif (settings->self_test_failed)\n\t\treturn REASON_SELF_TEST_FAILED;\n",
          "");

  private static final Change JOIN_RULE =
      new Change(
          "sockmap/redirect.bpf.c",
          "\tif (copied_seq != delivery->write_seq)\n\t\treturn REASON_NOT_DRAINED;\n",
          "");

  private static final Change BACK_PRESSURE =
      new Change(
          "sockmap/redirect.bpf.c",
          "exceeds_bound(delivery, sk, 0) || may_lack_memory(delivery, sk)",
          "may_lack_memory(delivery, sk)");

  private static final Change WRITERS =
      new Change(
          "sockmap/writers.h", "#define MEMBER_REFERENCES 2\n", "#define MEMBER_REFERENCES 200\n");

  private static final Change SECOND_WRITER =
      new Change(
          "sockmap/writers.h",
          "\treturn connection->writer && connection->writer !="
              + " (__u32)bpf_get_current_pid_tgid();\n",
          "\treturn 0;\n");

  private static final Change NONCE =
      new Change(
          "sockmap/pair.bpf.c",
          """
          \tif (__sync_val_compare_and_swap(&pair->consumed, NONCE_PENDING, NONCE_ANSWERING) !=
          \t    NONCE_PENDING)
          """,
          "\tif (0)\n");

  private static final Change BLOCKING_READER =
      new Change(
          "sockmap/sock_reads.h",
          "\treturn (READ(sk, sk_socket, file, f_flags) & O_NONBLOCK) != 0;\n",
          "\treturn READ(sk, sk_socket, file) != 0;\n");

  /** Adoption and each redirect ask: either alone keeps such a reader off. */
  private static final Change BLOCKING_RECEIVER =
      new Change(
          "sockmap/redirect.bpf.c",
          "\tif (!(READ(file, f_flags) & O_NONBLOCK))\n\t\treturn REASON_BLOCKING_READER;\n",
          "");

  @TempDir private static Path peers;
  private static List<BehaviourCase> cases = List.of();

  private final Teardown teardown = new Teardown();

  @TempDir private Path directory;

  @BeforeAll
  static void buildPeers() {
    cases = new PeerCases().cases(peers);
  }

  @AfterEach
  void removeAll() {
    teardown.close();
  }

  @Test
  void joinRule_removed_streamIsReordered() {
    CaseRow row = runBroken("full_queue_resume", JOIN_RULE);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.bytesRedirected()).isPositive();
    assertThat(row.differences()).anyMatch(each -> each.contains("wrong byte"));
  }

  @Test
  void backPressure_removed_queueIsUnbounded() {
    CaseRow row = runBroken("slow_reader", BACK_PRESSURE);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.differences()).contains("bounded: true / false");
  }

  @Test
  void orderOfWriters_notKept_frameIsTorn() {
    CaseRow row = runBroken("writers_behind_reader", WRITERS);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.differences()).anyMatch(each -> each.contains("wrong header"));
  }

  @Test
  void secondWriter_notTold_frameIsTorn() {
    CaseRow row = runBroken("second_writer_behind_reader", SECOND_WRITER);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.differences()).anyMatch(each -> each.contains("wrong header"));
  }

  @Test
  void nonceCheck_removed_replayTakesThePassiveEndsPlace() {
    CaseRow row = runBroken("nonce_replayed", NONCE);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.reason()).startsWith("nothing was redirected");
  }

  @Test
  void blockingReaders_adopted_sleepersAreWokenForNothing() {
    CaseRow row = runBroken("blocking_signal", BLOCKING_READER, BLOCKING_RECEIVER);

    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERENT);
    assertThat(row.differences()).isNotEmpty();
  }

  @Test
  void anchor_gone_refused() {
    Change stale = new Change("sockmap/redirect.bpf.c", "no such line", "");

    assertThatThrownBy(() -> ChangedBuild.make(directory, List.of(stale)))
        .isInstanceOf(SceneException.class)
        .hasMessageContaining("not exactly once");
  }

  private CaseRow runBroken(String name, Change... changes) {
    List<Change> all = new ArrayList<>(List.of(changes));
    all.add(SELF_TEST);
    Path objects = ChangedBuild.make(directory, all);
    BehaviourStage stage =
        BehaviourStage.open(teardown, ShuntProgram.thisBuild().withResources(objects));
    BehaviourCase broken =
        cases.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    return stage.compare(broken, VARIANT);
  }
}
