package dev.shunt.datapath.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.BpfOwners;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmptyProgramIT {
  private static final int RUNS = 1000;

  private final Libbpf libbpf = new Libbpf();

  @Test
  void run_whileTheKernelCounts_isCountedRunByRun() {
    try (Fd statistics = libbpf.enableStats();
        EmptyProgram empty = EmptyProgram.load(libbpf)) {
      assertThat(statistics.isOpen()).isTrue();
      assertThat(empty.run(RUNS).runCount()).isEqualTo(RUNS);
      assertThat(empty.run(2 * RUNS))
          .satisfies(usage -> assertThat(usage.runCount()).isEqualTo(2 * RUNS))
          .satisfies(usage -> assertThat(usage.runTimeNanos()).isPositive());
    }
  }

  @Test
  void ownPrograms_loaded_isAmongThemUntilItIsClosed() {
    Set<Integer> before = BpfOwners.ownPrograms();
    try (EmptyProgram empty = EmptyProgram.load(libbpf)) {
      Set<Integer> added = new HashSet<>(BpfOwners.ownPrograms());
      added.removeAll(before);
      assertThat(added).hasSize(1);
      int id = added.iterator().next();
      assertThat(libbpf.openProgram(id))
          .hasValueSatisfying(
              program -> {
                assertThat(program.id()).isEqualTo(id);
                assertThat(program.usage()).isNotNull();
                program.close();
              });
      assertThat(empty).isNotNull();
    }
    assertThat(BpfOwners.ownPrograms()).isEqualTo(before);
  }

  @Test
  void openProgram_noSuchNumber_isEmpty() {
    assertThat(libbpf.openProgram(Integer.MAX_VALUE)).isEmpty();
  }
}
