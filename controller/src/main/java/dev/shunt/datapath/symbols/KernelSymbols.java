package dev.shunt.datapath.symbols;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's own table of its functions. Read once, at the first use; immutable then. */
final class KernelSymbols {
  private static final Path TABLE = Path.of("/proc/kallsyms");
  private static final String TEXT = "tTwW";

  private KernelSymbols() {}

  /** Empty when it may not be read, or has its addresses hidden (kernel.kptr_restrict). */
  static SymbolTable read() {
    List<SymbolTable.Symbol> symbols = new ArrayList<>();
    try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.UTF_8)) {
      lines.forEach(line -> add(line, symbols));
      return new SymbolTable(symbols);
    } catch (IOException unreadable) {
      return SymbolTable.EMPTY;
    }
  }

  /** An address, a letter for the kind, a name, and the module if it is of one. */
  private static void add(String line, List<SymbolTable.Symbol> symbols) {
    int kind = line.indexOf(' ') + 1;
    int name = kind + 2;
    if (kind == 0 || name >= line.length() || TEXT.indexOf(line.charAt(kind)) < 0) {
      return;
    }
    long address = Long.parseUnsignedLong(line, 0, kind - 1, 16);
    if (address != 0) {
      int end = line.indexOf('\t', name);
      symbols.add(
          new SymbolTable.Symbol(address, 0, line.substring(name, end < 0 ? line.length() : end)));
    }
  }
}
