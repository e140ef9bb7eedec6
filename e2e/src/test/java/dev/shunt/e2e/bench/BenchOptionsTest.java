package dev.shunt.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.e2e.bench.BenchOptions.Extent;
import dev.shunt.e2e.bench.socket.SocketStage;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
  private static final List<BenchCell> CELLS = SocketCells.full(new SocketStage(List.of()));

  @Test
  void choose_partsOfNames_takesEveryCellThatHasOne() {
    BenchOptions options = new BenchOptions(Extent.FULL, List.of("connect/", "1MB"), List.of());

    assertThat(options.choose(CELLS).stream().map(BenchCell::name))
        .containsExactly(
            "pingpong/1MB/1c/1cpu",
            "stream/1MB/1c/2cpu",
            "connect/64B/1c/1cpu",
            "connect/64B/16c/1cpu");
  }

  @Test
  void choose_noSuchCell_saysWhichThereAre() {
    BenchOptions options = new BenchOptions(Extent.FULL, List.of("pong/2KB"), List.of());

    assertThatThrownBy(() -> options.choose(CELLS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--cell: pong/2KB (expected: a part of pingpong/1B/1c/1cpu, ");
  }

  @Test
  void cells_allOfThem_haveNamesOfTheirOwn() {
    assertThat(CELLS.stream().map(BenchCell::name)).doesNotHaveDuplicates();
  }

  @Test
  void variants_quick_areTheTwoThatGoalsNeed() {
    assertThat(new BenchOptions(Extent.QUICK, List.of(), List.of()).variants())
        .containsExactly(Variant.PLAIN, Variant.SHUNT);
  }
}
