package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void render_cellsOfDifferentWidth_columnsAlign() {
    Table table =
        Table.of(Table.text("ENDPOINT"), Table.number("BYTES"), Table.text("REASON"))
            .row("a", 1234567, "none")
            .row("a-long-endpoint", 5, "");

    assertThat(table.render())
        .isEqualTo(
            """
            ENDPOINT           BYTES  REASON
            a                1234567  none
            a-long-endpoint        5
            """);
  }

  @Test
  void render_noRow_headingsOnly() {
    assertThat(Table.of(Table.text("A"), Table.number("B")).render()).isEqualTo("A  B\n");
  }

  @Test
  void row_cellMissing_refused() {
    Table table = Table.of(Table.text("A"), Table.text("B"));

    assertThatThrownBy(() -> table.row("only one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row has 1 cells (expected: 2)");
  }
}
