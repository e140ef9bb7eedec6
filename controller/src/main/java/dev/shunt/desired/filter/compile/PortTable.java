package dev.shunt.desired.filter.compile;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes tables for keys of two bytes: ports, and ICMP type and code. Used by one thread. */
final class PortTable {
  /** Values of a key. */
  static final int KEYS = 1 << 16;

  private static final int ROWS = 256;

  private final FilterPages pages;
  private final Map<List<Integer>, Integer> known = new HashMap<>();

  PortTable(FilterPages pages) {
    this.pages = pages;
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
      root[i] = row(Arrays.copyOfRange(classes, i * ROWS, (i + 1) * ROWS), 1);
    }
    return row(root, 0);
  }

  /** The entry for a row; rows of one value need no page, equal ones share it. */
  private int row(int[] entries, int byteIndex) {
    if (areEqual(entries)) {
      return entries[0];
    }
    return known.computeIfAbsent(
        Arrays.stream(entries).boxed().toList(),
        row -> {
          int page = pages.add();
          ByteBuffer bytes = pages.page(page);
          for (int i = 0; i < ROWS; i++) {
            bytes.putInt(i * Integer.BYTES, entries[i]);
          }
          return Entries.step(page, byteIndex);
        });
  }

  private static boolean areEqual(int[] entries) {
    for (int entry : entries) {
      if (entry != entries[0]) {
        return false;
      }
    }
    return true;
  }
}
