package dev.shunt.desired.filter.compile;

/** Entries of tables: {@code enum filter_entry} of the data path. */
final class Entries {
  /** Marks a class of a fail-safe port: {@code FILTER_FAIL_SAFE}. */
  static final int FAIL_SAFE = 1 << 29;

  private static final int STEP = 1 << 30;
  private static final int COMPARE = 1 << 31;
  private static final int BYTE_SHIFT = 26;

  private Entries() {}

  /** Goes on with a byte of the key as index into a page. */
  static int step(int page, int byteIndex) {
    return STEP | byteIndex << BYTE_SHIFT | page;
  }

  /** Goes on with a comparison. */
  static int compare(int index) {
    return COMPARE | index;
  }
}
