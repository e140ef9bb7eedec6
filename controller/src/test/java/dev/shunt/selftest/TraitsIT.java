package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.NativeSocket;
import dev.shunt.datapath.programs.FionreadGuard;
import dev.shunt.observe.Trait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a workload does is learned from its sockets, and decides of its next connections. */
class TraitsIT {
  private static final String NAME = "traits-it-" + ProcessHandle.current().pid();
  private static final int MSG_OOB = 1;
  private static final int MSG_MORE = 0x8000;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int POLLPRI = 2;
  private static final int TOO_YOUNG = 8;
  private static final int WORKLOAD_TRAIT = 12;
  private static final int SMALL_WRITES = 14;
  private static final int ONE_REQUEST = 31;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);
  private CoveredPairs pairs;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(cgroup);
    pairs = CoveredPairs.open(tree, cgroup, Path.of("/sys/fs/bpf", NAME));
  }

  @AfterEach
  void close() throws IOException {
    pairs.close();
    Files.delete(cgroup);
  }

  private boolean knows(Trait trait) {
    return pairs.known().map(state -> state.has(trait.bit())).orElse(false);
  }

  private long times(Trait trait) {
    return pairs.known().map(state -> state.uses().get(trait.bit()).times()).orElse(0L);
  }

  @Test
  void urgentData_onAnAcceleratedConnection_isUrgentAndLearned() {
    pairs.accelerated(
        (client, server) -> {
          long redirected = pairs.redirectedBytes();
          client.send(CoveredPairs.urgentByte(), MSG_OOB);

          assertThat(server.poll(POLLPRI, PATIENCE) & POLLPRI).isEqualTo(POLLPRI);
          ByteBuffer urgent = ByteBuffer.allocate(1);
          assertThat(server.recv(urgent, MSG_OOB)).isEqualTo(1);
          assertThat(urgent.get(0)).isEqualTo((byte) '!');
          CoveredPairs.talk(client, server, 1);
          assertThat(pairs.redirectedBytes()).isEqualTo(redirected);
        });
    assertThat(knows(Trait.OOB)).isTrue();
    assertThat(pairs.isTried()).as("later connections").isFalse();
    assertThat(pairs.connections(WORKLOAD_TRAIT)).isPositive();
  }

  @Test
  void urgentData_beforeAdoption_isLearnedFromTheReceiver() {
    pairs.connected(
        (client, server) -> {
          client.send(CoveredPairs.urgentByte(), MSG_OOB);
          server.poll(POLLPRI, PATIENCE);
          assertThat(server.recv(ByteBuffer.allocate(1), MSG_OOB)).isEqualTo(1);
          CoveredPairs.talk(client, server, 20);
        });

    assertThat(pairs.redirectedBytes()).isZero();
    assertThat(knows(Trait.OOB)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"ZEROCOPY,1,60", "INQ,6,36", "PEEK_OFF,1,42"})
  void option_setOnAMember_isLearned(Trait trait, int level, int option) {
    pairs.accelerated((client, server) -> server.setOption(level, option, 1));

    assertThat(knows(trait)).isTrue();
    assertThat(pairs.isTried()).as("later connections").isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1,60", "6,36", "1,42"})
  void option_setBeforeAdoption_concernsThatSocketOnly(int level, int option) {
    pairs.connected(
        (client, server) -> {
          server.setOption(level, option, 1);
          CoveredPairs.talk(client, server, 20);
        });

    assertThat(pairs.redirectedBytes()).isZero();
    assertThat(pairs.known()).isEmpty();
    assertThat(pairs.isTried()).as("other connections").isTrue();
  }

  @Test
  void smallWrites_oneWayOnAMember_laterOnesHaveToShowThatTheyGoOnTalking() {
    pairs.accelerated(
        (client, server) -> {
          for (int message = 0; message < 70; message++) {
            CoveredPairs.say(client, server);
          }
        });
    assertThat(knows(Trait.SMALL_WRITES)).isTrue();

    pairs.connected(
        (client, server) -> {
          long before = pairs.redirectedBytes();
          CoveredPairs.talk(client, server, 20);
          assertThat(pairs.redirectedBytes()).as("on probation").isEqualTo(before);
          assertThat(pairs.progress()).contains("reason " + SMALL_WRITES);
          CoveredPairs.talk(client, server, 50);
          pairs.datapath().sweep();
          CoveredPairs.talk(client, server, 4);
          assertThat(pairs.redirectedBytes()).as("proved").isGreaterThan(before);
        });
  }

  @Test
  void smallWrites_batchesThatTcpMerged_leaveAndAreLearned() {
    pairs.connected(
        (client, server) -> {
          client.setOption(IPPROTO_TCP, TCP_NODELAY, 1);
          CoveredPairs.batches(client, server, 100, MSG_MORE);
          long redirected = pairs.redirectedBytes();
          assertThat(redirected).isPositive();
          assertThat(pairs.progress()).contains("reason " + SMALL_WRITES);
          CoveredPairs.batches(client, server, 2, MSG_MORE);
          assertThat(pairs.redirectedBytes()).as("by TCP").isEqualTo(redirected);
        });
    assertThat(knows(Trait.SMALL_WRITES)).isTrue();
  }

  @Test
  void smallWrites_batchesThatTcpSentOneByOne_stayAccelerated() {
    pairs.accelerated(
        (client, server) -> {
          client.setOption(IPPROTO_TCP, TCP_NODELAY, 1);
          CoveredPairs.batches(client, server, 100, 0);
          long redirected = pairs.redirectedBytes();
          CoveredPairs.batches(client, server, 2, 0);
          assertThat(pairs.redirectedBytes()).isGreaterThan(redirected);
        });
    assertThat(knows(Trait.SMALL_WRITES)).isFalse();
  }

  @Test
  void oneRequest_manyConnections_areNotWaitedForUntilOneGoesOn() {
    for (int made = 0; made < 3000 && !knows(Trait.ONE_REQUEST); made++) {
      pairs.connected((client, server) -> CoveredPairs.talk(client, server, 1));
    }
    assertThat(knows(Trait.ONE_REQUEST)).isTrue();
    assertThat(pairs.connections(TOO_YOUNG)).isPositive();

    pairs.connected((client, server) -> CoveredPairs.talk(client, server, 1));
    assertThat(pairs.connections(ONE_REQUEST)).isEqualTo(2);
    assertThat(pairs.isTried()).as("one that goes on").isTrue();
    assertThat(knows(Trait.ONE_REQUEST)).isFalse();
  }

  @Test
  void fionread_whereTheKernelIsRight_keepsNothingOff() {
    TraitState.Use seen = new TraitState.Use(1, System.nanoTime(), 1);
    pairs
        .datapath()
        .maps()
        .traits()
        .put(pairs.workload(), TraitState.of(0).with(Trait.FIONREAD.bit(), seen));
    pairs.datapath().maps().config().raiseTraitGeneration();

    pairs.datapath().guardFionread(FionreadGuard.NOT_NEEDED);
    assertThat(pairs.isTried()).as("right").isTrue();
    pairs.datapath().guardFionread(FionreadGuard.NEEDED);
    assertThat(pairs.isTried()).as("wrong").isFalse();
  }

  @Test
  void fionread_onAMemberWhereTheKernelIsWrong_isLearnedAndCounted() {
    pairs.datapath().guardFionread(FionreadGuard.NEEDED);
    pairs.accelerated((client, server) -> assertThat(server.available()).isZero());
    assertThat(times(Trait.FIONREAD)).isEqualTo(1);

    pairs.connected((client, server) -> server.available());
    assertThat(times(Trait.FIONREAD)).isEqualTo(2);
  }

  @Test
  void policy_forcesAndExempts_whateverWasLearned() {
    pairs.accelerated((client, server) -> client.setOption(1, 60, 1));
    assertThat(pairs.isTried()).as("learned").isFalse();

    Workload anywhere =
        new Workload(0, pairs.workload().executableInode(), pairs.workload().executableDevice());
    configure(anywhere, TraitState.FORCE);
    assertThat(pairs.isTried()).as("forced").isTrue();
    configure(anywhere, TraitState.EXEMPT);
    pairs.datapath().maps().traits().remove(pairs.workload());
    assertThat(pairs.isTried()).as("exempt although nothing is learned").isFalse();
  }

  private void configure(Workload workload, int rule) {
    pairs.datapath().maps().traits().put(workload, TraitState.of(rule));
    pairs.datapath().maps().config().raiseTraitGeneration();
  }

  @Test
  void urgentData_ofAForcedWorkload_isUrgentAndThePairStays() {
    pairs.datapath().maps().traits().put(pairs.workload(), TraitState.of(TraitState.FORCE));
    pairs.datapath().maps().config().raiseTraitGeneration();
    pairs.accelerated(
        (client, server) -> {
          client.send(CoveredPairs.urgentByte(), MSG_OOB);
          assertThat(server.poll(POLLPRI, PATIENCE) & POLLPRI).isEqualTo(POLLPRI);
          assertThat(server.recv(ByteBuffer.allocate(1), MSG_OOB)).isEqualTo(1);
          long before = pairs.redirectedBytes();
          ByteBuffer rest = ByteBuffer.allocate(1);
          assertThat(server.recv(rest, 0)).isEqualTo(NativeSocket.WOULD_BLOCK);
          CoveredPairs.talk(client, server, 1);
          assertThat(pairs.redirectedBytes()).isGreaterThan(before);
        });
  }
}
