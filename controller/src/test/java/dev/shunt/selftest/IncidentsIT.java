package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.layout.PairRow;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.FionreadGuard;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong seldom is counted and told, and leaves no connection worse off than TCP. */
class IncidentsIT {
  private static final String NAME = "incidents-it-" + ProcessHandle.current().pid();

  /** Rows of {@code traits}. */
  private static final int TRAITS_MAX = 8192;

  private static final int PATH_EXCLUDED = 5;
  private static final int UNPAIRED = 6;
  private static final int WORKLOAD_TRAIT = 12;

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);
  private final Path pins = Path.of("/sys/fs/bpf", NAME);
  private SockmapDatapath datapath;

  @BeforeEach
  void attach() throws IOException {
    Files.createDirectory(cgroup);
    datapath = SockmapDatapath.open(new Libbpf(), new PinDirectory(pins), List.of(cgroup));
    datapath.attachRedirect();
    datapath.attachCgroups(tree);
    datapath.maps().config().set("mode", EndpointPolicyRow.MODE_ACCELERATE);
  }

  @AfterEach
  void detach() throws IOException {
    datapath.drain(Duration.ofSeconds(5));
    Files.delete(cgroup);
  }

  @Test
  void expirePairs_unansweredNonce_removedAndCountedOnce() {
    try (BpfMap pairs =
        new Libbpf()
            .openMap(pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/maps/pairs"))
            .orElseThrow()) {
      pairs.update(nonce(7), pair(7, 1000));
      pairs.update(nonce(8), pair(8, 3000));
    }

    assertThat(datapath.maps().expirePairs(2000)).isEqualTo(1);
    assertThat(datapath.maps().expirePairs(2000)).isZero();

    assertThat(datapath.maps().totals().sum().pairsExpired()).isEqualTo(1);
    assertThat(datapath.maps().pairs().fill().entries()).isEqualTo(1);
  }

  @Test
  void expireStuck_socketSuspectedLongAgo_removed() {
    try (BpfMap stuck =
        new Libbpf()
            .openMap(pins.resolve("v" + PinDirectory.LAYOUT_VERSION + "/maps/stuck"))
            .orElseThrow()) {
      stuck.update(nonce(7), nonce(1000));
      stuck.update(nonce(8), nonce(3000));

      assertThat(datapath.maps().stuck().expire(2000)).isEqualTo(1);

      assertThat(stuck.lookup(nonce(8))).isPresent();
    }
  }

  @Test
  void traitLearned_mapFull_countedAndTheSocketAtHandLeaves() throws IOException {
    try (CoveredCgroup covered = CoveredCgroup.enter(tree, List.of(cgroup));
        TestBed bed =
            TestBed.open(datapath, covered.workload(), loopback -> Map.of("lo", loopback))) {
      datapath.maps().traits().remove(covered.workload());
      fillTraits();
      bed.inside(
          () -> {
            spillByFionread(bed);
            return bed;
          });
      assertThat(datapath.maps().traits().all()).doesNotContainKey(covered.workload());
    }
  }

  private void spillByFionread(TestBed bed) {
    try (LoopbackPair other = LoopbackPair.accelerated(bed);
        LoopbackPair pair = LoopbackPair.accelerated(bed)) {
      datapath.guardFionread(FionreadGuard.NEEDED);
      assertThat(pair.server().available()).isZero();
      datapath.sweep();

      assertThat(datapath.maps().totals().sum().traitsLost()).isPositive();
      long redirected = bed.redirectedBytes();
      LoopbackPair.exchange(pair.client(), pair.server(), 100);
      LoopbackPair.exchange(pair.server(), pair.client(), 100);
      assertThat(bed.redirectedBytes()).isEqualTo(redirected);
      assertThat(bed.counters().get("message_reasons", WORKLOAD_TRAIT)).isEqualTo(2);
      LoopbackPair.exchange(other.client(), other.server(), 100);
      assertThat(bed.redirectedBytes()).as("the other pair").isEqualTo(redirected + 100);
    }
  }

  @Test
  void nonce_refusedByThePassiveEnd_bothEndsTellAndCountTheReason() throws IOException {
    try (CoveredCgroup covered = CoveredCgroup.enter(tree, List.of(cgroup));
        TestBed bed =
            TestBed.open(datapath, covered.workload(), loopback -> Map.of("lo", loopback))) {
      datapath
          .maps()
          .policies()
          .put(
              TestBed.ENDPOINT,
              new EndpointPolicyRow(EndpointPolicyRow.MODE_ACCELERATE, 0, List.of(), List.of()));
      bed.inside(
          () -> {
            talkUntilRefused(bed);
            return bed;
          });
      assertThat(bed.counters().get("connection_reasons", PATH_EXCLUDED)).isEqualTo(2);
      assertThat(bed.counters().get("connection_reasons", UNPAIRED)).isZero();
    }
  }

  /** As few turns as it takes: the active end has nothing to send after that. */
  private void talkUntilRefused(TestBed bed) {
    try (LoopbackPair pair = LoopbackPair.connect()) {
      String passive = "passive end step 0 reason " + PATH_EXCLUDED;
      for (int turn = 0; turn < 12 && !bed.progress().contains(passive); turn++) {
        LoopbackPair.exchange(pair.client(), pair.server(), 100);
        LoopbackPair.exchange(pair.server(), pair.client(), 100);
      }
      String active = "active end step 0 reason " + PATH_EXCLUDED;
      assertThat(bed.progress()).contains(passive).contains(active);
      datapath.sweep();
      assertThat(datapath.maps().pairs().fill().entries()).isZero();
      assertThat(bed.progress()).contains(passive).contains(active);
    }
  }

  private void fillTraits() {
    TraitState splices = TraitState.of(TraitState.SPLICE);
    for (int row = 0; row <= TRAITS_MAX; row++) {
      try {
        datapath.maps().traits().put(new Workload(row + 1L, 1, 1), splices);
      } catch (BpfException full) {
        assertThat(full).hasMessageContaining("E2BIG");
        return;
      }
    }
    throw new AssertionError("traits is not full with " + TRAITS_MAX + " rows");
  }

  private static ByteBuffer nonce(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value);
  }

  private static ByteBuffer pair(long nonce, long createdNanos) {
    ByteBuffer row = PairRow.LAYOUT.allocate();
    row.putLong(PairRow.LAYOUT.offset("nonce"), nonce);
    row.putLong(PairRow.LAYOUT.offset("created_ns"), createdNanos);
    return row;
  }
}
