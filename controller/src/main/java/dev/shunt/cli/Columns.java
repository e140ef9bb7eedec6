package dev.shunt.cli;

import java.util.List;

/**
 * Lines of a table that has no end, so that its widths cannot be known before: a column becomes as
 * wide as its widest cell so far. Not thread safe.
 */
final class Columns {
  private static final String GAP = "  ";
  private static final String CUT = "...";
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final List<Column> columns;
  private final int[] widths;

  /**
   * One column.
   *
   * @param title the heading
   * @param align how cells sit within the width
   * @param width of ordinary cells
   * @param widthMax cells that are wider are cut in the middle
   */
  record Column(String title, Table.Align align, int width, int widthMax) {
    /** With cells that may be of any length. */
    Column cutAt(int width) {
      return new Column(title, align, this.width, width);
    }
  }

  Columns(List<Column> columns) {
    this.columns = List.copyOf(columns);
    widths = this.columns.stream().mapToInt(Column::width).toArray();
  }

  static Column text(String title, int width) {
    return new Column(title, Table.Align.LEFT, width, UNBOUNDED);
  }

  static Column number(String title, int width) {
    return new Column(title, Table.Align.RIGHT, width, UNBOUNDED);
  }

  /** What stands above the lines. */
  String heading() {
    return line(columns.stream().map(Column::title).toList());
  }

  /** One line, a cell for each column. */
  String line(List<?> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          "row has " + cells.size() + " cells (expected: " + columns.size() + ")");
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      Column column = columns.get(i);
      String cell = cut(String.valueOf(cells.get(i)), column.widthMax());
      widths[i] = Math.max(widths[i], cell.length());
      String padding = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : GAP)
          .append(column.align() == Table.Align.RIGHT ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing() + "\n";
  }

  private static String cut(String cell, int widthMax) {
    if (cell.length() <= widthMax) {
      return cell;
    }
    int kept = widthMax - CUT.length();
    return cell.substring(0, kept - kept / 2) + CUT + cell.substring(cell.length() - kept / 2);
  }
}
