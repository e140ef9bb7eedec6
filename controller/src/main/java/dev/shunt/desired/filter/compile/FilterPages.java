package dev.shunt.desired.filter.compile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The pages of a rule set while they are written. Used by one thread. */
final class FilterPages {
  /** Bytes of {@code struct filter_page}. */
  static final int PAGE_BYTES = 1024;

  /** {@code FILTER_PAGE_WORDS}. */
  static final int WORDS = PAGE_BYTES / Integer.BYTES;

  private final List<ByteBuffer> pages = new ArrayList<>();

  /** Adds a page of zeros. */
  int add() {
    pages.add(ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.nativeOrder()));
    return pages.size() - 1;
  }

  ByteBuffer page(int index) {
    return pages.get(index);
  }

  int count() {
    return pages.size();
  }

  List<ByteBuffer> all() {
    return List.copyOf(pages);
  }
}
