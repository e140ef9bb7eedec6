package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.TraitState;
import dev.shunt.datapath.layout.Workload;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.ingest.file.TraitStore;
import dev.shunt.observe.Trait;
import dev.shunt.observe.TraitEffect;
import dev.shunt.observe.WorkloadTrait;
import dev.shunt.selftest.CoveredPairs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was learned of real sockets outlives the node, expires, and is forgotten when asked. */
class TraitMemoryIT {
  private static final String NAME = "trait-memory-it-" + ProcessHandle.current().pid();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int SOL_SOCKET = 1;
  private static final int SO_ZEROCOPY = 60;

  @TempDir private Path state;

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);

  @BeforeEach
  void makeCgroup() throws IOException {
    Files.createDirectory(cgroup);
  }

  @AfterEach
  void removeCgroup() throws IOException {
    Files.delete(cgroup);
  }

  /** A node's memory over a data path: one of its lives. */
  private record Life(CoveredPairs pairs, TraitMemory memory, TraitViews views)
      implements AutoCloseable {
    List<WorkloadTrait> traits() {
      return views.all();
    }

    @Override
    public void close() {
      memory.close();
      pairs.close();
    }
  }

  private Life live(Duration ttl, String bootId) throws IOException {
    CoveredPairs pairs = CoveredPairs.open(tree, cgroup, Path.of("/sys/fs/bpf", NAME));
    SockmapMaps maps = pairs.datapath().maps();
    WorkloadNames names = new WorkloadNames(tree);
    TraitTimes times = new TraitTimes(ttl);
    TraitMemory memory = new TraitMemory(maps, names, new TraitStore(state), bootId, times);
    memory.restore(SockmapDatapath.Start.FRESH);
    return new Life(
        pairs,
        memory,
        new TraitViews(maps, names, new PolicyInputs(state, Optional.empty()), times));
  }

  private static void showZeroCopy(Life life) {
    life.pairs().accelerated((client, server) -> client.setOption(SOL_SOCKET, SO_ZEROCOPY, 1));
  }

  @Test
  void trait_learned_isListedWithItsNames() throws IOException {
    try (Life life = live(HOUR, "boot")) {
      showZeroCopy(life);

      WorkloadTrait trait = life.traits().get(0);
      assertThat(life.traits()).hasSize(1);
      assertThat(trait.trait()).isEqualTo(Trait.ZEROCOPY);
      assertThat(trait.effect()).isEqualTo(TraitEffect.KEPT_ON_TCP);
      assertThat(trait.workload().cgroup()).startsWith("/" + NAME + "/");
      assertThat(trait.workload().executable()).isEqualTo(executable());
      WorkloadTrait.Use use = trait.use().orElseThrow();
      assertThat(use.times()).isEqualTo(1);
      assertThat(use.expiresIn()).isBetween(HOUR.minusSeconds(30), HOUR);
      assertThat(use.lastSeen()).isAfterOrEqualTo(use.learned());
    }
  }

  private static String executable() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/exe")).toString();
  }

  @Test
  void trait_afterARestartWithoutPins_keepsTheNextConnectionsOff() throws IOException {
    try (Life first = live(HOUR, "boot")) {
      showZeroCopy(first);
      first.memory().pass();
    }
    try (Life second = live(HOUR, "boot")) {
      assertThat(second.traits()).extracting(WorkloadTrait::trait).containsExactly(Trait.ZEROCOPY);
      assertThat(second.pairs().isTried()).isFalse();
    }
  }

  @Test
  void trait_afterAReboot_isFoundAgainByName() throws IOException {
    try (Life first = live(HOUR, "boot")) {
      showZeroCopy(first);
      first.memory().pass();
    }
    try (Life second = live(HOUR, "next boot")) {
      assertThat(second.traits()).extracting(WorkloadTrait::trait).containsExactly(Trait.ZEROCOPY);
      assertThat(second.pairs().isTried()).isFalse();
    }
  }

  @Test
  void trait_ofARemovedCgroup_returnsWithTheCgroup() throws IOException {
    try (Life life = live(HOUR, "boot")) {
      showZeroCopy(life);
      life.memory().pass();
      Path service = Files.createDirectory(tree.root().resolve(NAME + "/service"));
      TraitState state = life.pairs().known().orElseThrow();
      Workload workload =
          new Workload(
              tree.id(service),
              life.pairs().workload().executableInode(),
              life.pairs().workload().executableDevice());
      life.pairs().datapath().maps().traits().put(workload, state);
      life.memory().pass();
      Files.delete(service);
      life.memory().pass();
      assertThat(life.traits()).hasSize(1);

      Files.createDirectory(service);
      life.memory().pass();
      assertThat(life.traits())
          .extracting(trait -> trait.workload().cgroup())
          .contains("/" + NAME + "/service");
      Files.delete(service);
    }
  }

  @Test
  void trait_notSeenForTheTtl_expiresAndIsLearnedAnew() throws Exception {
    try (Life life = live(SHORT, "boot")) {
      showZeroCopy(life);
      assertThat(life.traits()).hasSize(1);
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!life.traits().isEmpty() && System.nanoTime() < deadline) {
        life.memory().pass();
      }
      assertThat(life.traits()).isEmpty();
      assertThat(life.pairs().isTried()).as("tried again").isTrue();

      showZeroCopy(life);
      assertThat(life.traits()).hasSize(1);
    }
  }

  @Test
  void forget_byExecutable_nextConnectionIsTried() throws IOException {
    try (Life life = live(HOUR, "boot")) {
      showZeroCopy(life);
      assertThat(life.pairs().isTried()).isFalse();
      String other = executable() + "-other";
      assertThat(life.memory().forget(life.views(), name -> name.isCalled(other))).isEmpty();

      String mine = executable();
      assertThat(life.memory().forget(life.views(), name -> name.isCalled(mine))).hasSize(1);
      assertThat(life.traits()).isEmpty();
      assertThat(life.pairs().isTried()).isTrue();
    }
    try (Life next = live(HOUR, "boot")) {
      assertThat(next.traits()).as("on disk too").isEmpty();
    }
  }
}
