package dev.shunt.desired.filter.compile;

import java.util.Arrays;

/** Writes tables for keys of two bytes: ports, and ICMP type and code. Used by one thread. */
final class PortTable {
  /** Values of a key. */
  static final int KEYS = 1 << 16;

  private static final int ROWS = KEYS / RowPool.ENTRIES;

  private final RowPool rows;

  PortTable(RowPool rows) {
    this.rows = rows;
  }

  /**
   * Writes a table.
   *
   * @param classes by key, {@link #KEYS} of them
   * @return its entry
   */
  int write(int[] classes) {
    int[] root = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      int first = i * RowPool.ENTRIES;
      root[i] = rows.entryOf(Arrays.copyOfRange(classes, first, first + RowPool.ENTRIES), 1);
    }
    return rows.entryOf(root, 0);
  }
}
