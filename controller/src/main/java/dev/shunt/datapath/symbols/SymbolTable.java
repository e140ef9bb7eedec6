package dev.shunt.datapath.symbols;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Symbols by address. Immutable. */
final class SymbolTable {
  /**
   * One symbol.
   *
   * @param start its first address
   * @param size in bytes; 0: up to the next one
   * @param name of it
   */
  record Symbol(long start, long size, String name) {}

  static final SymbolTable EMPTY = new SymbolTable(List.of());

  private final long[] starts;
  private final List<Symbol> symbols;

  SymbolTable(List<Symbol> unsorted) {
    List<Symbol> sorted = new ArrayList<>(unsorted);
    sorted.sort(
        Comparator.comparing(Symbol::start, Long::compareUnsigned).thenComparing(Symbol::size));
    symbols = List.copyOf(sorted);
    starts = symbols.stream().mapToLong(Symbol::start).toArray();
  }

  boolean isEmpty() {
    return symbols.isEmpty();
  }

  /** The symbol that holds an address. */
  Optional<String> find(long address) {
    int below = 0;
    int above = starts.length;
    while (below < above) {
      int middle = (below + above) >>> 1;
      if (Long.compareUnsigned(starts[middle], address) <= 0) {
        below = middle + 1;
      } else {
        above = middle;
      }
    }
    if (below == 0) {
      return Optional.empty();
    }
    Symbol found = symbols.get(below - 1);
    boolean inside =
        found.size() == 0 || Long.compareUnsigned(address - found.start(), found.size()) < 0;
    return inside ? Optional.of(found.name()) : Optional.empty();
  }
}
