package dev.shunt.e2e.bench.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.e2e.bench.BenchCell;
import dev.shunt.e2e.bench.Variant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChainCellsTest {
  private static final Set<Variant> ALL =
      new LinkedHashSet<>(List.of(Variant.PLAIN, Variant.SHUNT, Variant.OBSERVE, Variant.UNIX));

  @Test
  void full_names_areUniqueAndHoldTheQuickOnes() {
    List<String> full = ChainCells.full().stream().map(BenchCell::name).toList();

    assertThat(full).doesNotHaveDuplicates();
    assertThat(full).containsAll(ChainCells.quick().stream().map(BenchCell::name).toList());
  }

  @Test
  void variants_anyCell_holdPlainFirstAndShunt() {
    assertThat(ChainCells.full())
        .allSatisfy(
            cell ->
                assertThat(cell.variants(ALL))
                    .startsWith(Variant.PLAIN, Variant.SHUNT)
                    .doesNotContain(Variant.UNIX));
  }

  @Test
  void variants_haproxySmallBodies_observeToo() {
    BenchCell cell = ChainCells.quick().get(0);

    assertThat(cell.name()).isEqualTo("chain/haproxy/http1/redirect/1KB/16c");
    assertThat(cell.variants(ALL)).contains(Variant.OBSERVE);
  }
}
