package dev.shunt.desired.filter.compile;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes each row of a table, an entry for each value of a byte, once. Used by one thread. */
final class RowPool {
  /** Entries of a row. */
  static final int ENTRIES = FilterPages.WORDS;

  private final FilterPages pages;
  private final Map<List<Integer>, Integer> known = new HashMap<>();

  RowPool(FilterPages pages) {
    this.pages = pages;
  }

  /**
   * The entry for a row; rows of one value need no page, equal ones share it.
   *
   * @param entries by value of the byte, {@link #ENTRIES} of them
   * @param byteIndex which byte of the key
   */
  int entryOf(int[] entries, int byteIndex) {
    if (Arrays.stream(entries).allMatch(entry -> entry == entries[0])) {
      return entries[0];
    }
    return known.computeIfAbsent(
        Arrays.stream(entries).boxed().toList(), row -> Entries.step(write(entries), byteIndex));
  }

  private int write(int[] entries) {
    int page = pages.add();
    ByteBuffer bytes = pages.page(page);
    for (int i = 0; i < ENTRIES; i++) {
      bytes.putInt(i * Integer.BYTES, entries[i]);
    }
    return page;
  }
}
