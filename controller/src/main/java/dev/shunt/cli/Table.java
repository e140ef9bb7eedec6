package dev.shunt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of text whose columns align: two spaces between columns, no space at a line's end. Not
 * thread safe; build, render, drop.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  private Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** How a column's cells sit within its width. */
  public enum Align {
    LEFT,
    /** For numbers: units stand under units. */
    RIGHT
  }

  /**
   * One column.
   *
   * @param title the heading, upper case by convention
   */
  public record Column(String title, Align align) {}

  /** A column of text. */
  public static Column text(String title) {
    return new Column(title, Align.LEFT);
  }

  /** A column of numbers. */
  public static Column number(String title) {
    return new Column(title, Align.RIGHT);
  }

  /** An empty table with these columns. */
  public static Table of(Column... columns) {
    return new Table(Arrays.asList(columns));
  }

  /**
   * Adds a row and returns this table.
   *
   * @throws IllegalArgumentException if there is not one cell for each column
   */
  public Table row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "row has " + cells.length + " cells (expected: " + columns.size() + ")");
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** True when no row was added. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Headings and rows, each line ended with a newline; the headings alone when there is no row. */
  public String render() {
    int[] widths = widths();
    StringBuilder out = new StringBuilder();
    appendLine(out, columns.stream().map(Column::title).toList(), widths);
    for (List<String> row : rows) {
      appendLine(out, row, widths);
    }
    return out.toString();
  }

  private int[] widths() {
    int[] widths = columns.stream().mapToInt(column -> column.title().length()).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private void appendLine(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : GAP);
      if (columns.get(i).align() == Align.RIGHT) {
        line.append(padding).append(cells.get(i));
      } else {
        line.append(cells.get(i)).append(padding);
      }
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
