package dev.shunt.desired.filter.compile;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Writes each bitmap of rules once. Used by one thread. */
final class BitmapPool {
  /** {@code FILTER_BITMAPS_PER_PAGE}. */
  private static final int PER_PAGE = 7;

  /** {@code FILTER_RULE_WORDS}. */
  private static final int WORDS = 16;

  private static final int BYTES = Long.BYTES * (WORDS + 1);
  private static final int PAGE_SHIFT = 3;

  private final FilterPages pages;
  private final Map<BitSet, Integer> classes = new HashMap<>();
  private int page;
  private int used = PER_PAGE;

  BitmapPool(FilterPages pages) {
    this.pages = pages;
  }

  /** The entry of the class whose rules these are. */
  int classOf(BitSet rules) {
    Integer known = classes.get(rules);
    if (known != null) {
      return known;
    }
    if (used == PER_PAGE) {
      page = pages.add();
      used = 0;
    }
    write(pages.page(page), used * BYTES, rules.toLongArray());
    int entry = page << PAGE_SHIFT | used++;
    classes.put((BitSet) rules.clone(), entry);
    return entry;
  }

  private static void write(ByteBuffer page, int at, long[] words) {
    long summary = 0;
    for (int i = 0; i < words.length; i++) {
      page.putLong(at + Long.BYTES * (i + 1), words[i]);
      summary |= words[i] == 0 ? 0 : 1L << i;
    }
    page.putLong(at, summary);
  }
}
