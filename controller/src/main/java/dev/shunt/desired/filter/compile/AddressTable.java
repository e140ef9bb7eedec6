package dev.shunt.desired.filter.compile;

import dev.shunt.desired.filter.Cidr;
import dev.shunt.desired.filter.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes the tables that lead from an address to its longest prefix. Used by one thread. */
final class AddressTable {
  private static final int COMPARES_PER_PAGE = 16;
  private static final int COMPARE_BYTES = 64;

  private final FilterPages pages;
  private final BitmapPool bitmaps;
  private int comparePage;
  private int compares = COMPARES_PER_PAGE;

  AddressTable(FilterPages pages, BitmapPool bitmaps) {
    this.pages = pages;
    this.bitmaps = bitmaps;
  }

  /** A prefix with the rules that hold for its addresses, those of shorter prefixes included. */
  private record Prefix(Cidr cidr, int entry) {
    int bits() {
      return cidr.mappedBits();
    }

    int byteAt(int index) {
      return cidr.address().byteAt(index);
    }
  }

  /**
   * Writes a table.
   *
   * @param rulesOfCidr rules by their CIDRs, all of this family
   * @param everywhere rules without a condition
   * @return its entry
   */
  int write(IpFamily family, Map<Cidr, BitSet> rulesOfCidr, BitSet everywhere) {
    int first = (IpFamily.V6.bits() - family.bits()) / Byte.SIZE;
    return node(inherit(rulesOfCidr, everywhere), bitmaps.classOf(everywhere), first);
  }

  /** Sorted so that a prefix comes before those within it, with what it inherits. */
  private List<Prefix> inherit(Map<Cidr, BitSet> rulesOfCidr, BitSet everywhere) {
    record Open(Cidr cidr, BitSet rules) {}
    List<Cidr> sorted =
        rulesOfCidr.keySet().stream()
            .sorted(
                Comparator.comparing((Cidr c) -> c.address().high(), Long::compareUnsigned)
                    .thenComparing(c -> c.address().low(), Long::compareUnsigned)
                    .thenComparing(Cidr::bits))
            .toList();
    List<Open> open = new ArrayList<>();
    List<Prefix> prefixes = new ArrayList<>(sorted.size());
    for (Cidr cidr : sorted) {
      while (!open.isEmpty() && !open.get(open.size() - 1).cidr.contains(cidr)) {
        open.remove(open.size() - 1);
      }
      BitSet rules =
          (BitSet) (open.isEmpty() ? everywhere : open.get(open.size() - 1).rules).clone();
      rules.or(rulesOfCidr.getOrDefault(cidr, new BitSet()));
      open.add(new Open(cidr, rules));
      prefixes.add(new Prefix(cidr, bitmaps.classOf(rules)));
    }
    return prefixes;
  }

  /**
   * The entry for the addresses that all these prefixes share the first bytes with.
   *
   * @param prefixes sorted
   * @param inherited entry of the addresses that none of them holds
   * @param at byte that is looked at next
   */
  private int node(List<Prefix> prefixes, int inherited, int at) {
    if (prefixes.isEmpty()) {
      return inherited;
    }
    Prefix shortest = prefixes.get(0);
    if (shortest.bits() <= at * Byte.SIZE) { // holds all of them
      return node(prefixes.subList(1, prefixes.size()), shortest.entry, at);
    }
    int common = commonBits(prefixes);
    if (prefixes.size() == 1) {
      return compare(shortest.cidr, shortest.bits(), shortest.entry, inherited);
    }
    if (common < (at + 1) * Byte.SIZE) {
      return step(prefixes, inherited, at);
    }
    int bytes = common / Byte.SIZE;
    return compare(shortest.cidr, bytes * Byte.SIZE, node(prefixes, inherited, bytes), inherited);
  }

  /** Bits that all have in common: no more than the shortest has, for it comes before them. */
  private static int commonBits(List<Prefix> prefixes) {
    Cidr first = prefixes.get(0).cidr;
    Cidr last = prefixes.get(prefixes.size() - 1).cidr;
    long high = first.address().high() ^ last.address().high();
    int equal =
        high != 0
            ? Long.numberOfLeadingZeros(high)
            : Long.SIZE + Long.numberOfLeadingZeros(first.address().low() ^ last.address().low());
    int shortest = prefixes.stream().mapToInt(Prefix::bits).min().orElse(0);
    return Math.min(equal, shortest);
  }

  private int step(List<Prefix> prefixes, int inherited, int at) {
    int page = pages.add();
    int[] row = new int[FilterPages.WORDS];
    java.util.Arrays.fill(row, inherited);
    List<List<Prefix>> below = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      below.add(new ArrayList<>());
    }
    for (Prefix prefix : prefixes) {
      int rest = (at + 1) * Byte.SIZE - prefix.bits();
      if (rest >= 0) { // ends within this byte; a longer one comes later and overwrites
        java.util.Arrays.fill(
            row, prefix.byteAt(at), prefix.byteAt(at) + (1 << rest), prefix.entry);
      } else {
        below.get(prefix.byteAt(at)).add(prefix);
      }
    }
    ByteBuffer bytes = pages.page(page);
    for (int i = 0; i < row.length; i++) {
      bytes.putInt(i * Integer.BYTES, node(below.get(i), row[i], at + 1));
    }
    return Entries.step(page, at);
  }

  private int compare(Cidr cidr, int bits, int match, int other) {
    if (compares == COMPARES_PER_PAGE) {
      comparePage = pages.add();
      compares = 0;
    }
    ByteBuffer key = ByteBuffer.allocate(4 * Long.BYTES).order(ByteOrder.BIG_ENDIAN);
    long high = mask(bits);
    long low = mask(bits - Long.SIZE);
    key.putLong(high).putLong(low);
    key.putLong(cidr.address().high() & high).putLong(cidr.address().low() & low);
    int at = compares * COMPARE_BYTES;
    ByteBuffer page = pages.page(comparePage);
    page.put(at, key.array());
    page.putInt(at + key.capacity(), match);
    page.putInt(at + key.capacity() + Integer.BYTES, other);
    return Entries.compare(comparePage * COMPARES_PER_PAGE + compares++);
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
  }
}
