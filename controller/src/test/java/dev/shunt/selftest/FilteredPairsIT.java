package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pair that a packet filter may drop packets of goes back to TCP, and stays there until it may
 * not.
 */
class FilteredPairsIT {
  private static final String NAME = "filtered-pairs-it-" + ProcessHandle.current().pid();
  private static final Duration CUT = Duration.ofSeconds(1);

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

  @Test
  void pair_filtered_isOnTcpWithinASecondAndBackWhenTheFilterGoes() {
    pairs.accelerated(
        (client, server) -> {
          var maps = pairs.datapath().maps();
          Set<Long> nonces = maps.pairs().nonces();
          assertThat(nonces).isNotEmpty();

          long begin = System.nanoTime();
          assertThat(maps.filteredPairs().replace(nonces)).isTrue();
          pairs.datapath().sweep();
          long redirected = pairs.redirectedBytes();
          CoveredPairs.talk(client, server, 20);
          assertThat(pairs.redirectedBytes()).isEqualTo(redirected);
          assertThat(System.nanoTime() - begin).isLessThan(CUT.toNanos());
          while (maps.pairs().fill().members() > 0) {
            pairs.datapath().sweep(); // both leave once they are quiet
            CoveredPairs.talk(client, server, 1);
          }
          CoveredPairs.talk(client, server, 20);
          pairs.datapath().sweep();
          CoveredPairs.talk(client, server, 20);
          assertThat(pairs.redirectedBytes()).as("stays").isEqualTo(redirected);

          maps.filteredPairs().replace(Set.of());
          pairs.datapath().sweep();
          pairs.datapath().sweep();
          CoveredPairs.talk(client, server, 20);
          assertThat(pairs.redirectedBytes()).as("back").isGreaterThan(redirected);
        });
  }
}
