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
      lines.forEach(
          line -> {
            String[] words = line.split("[ \t]", 4);
            if (words.length >= 3 && TEXT.contains(words[1])) {
              long address = Long.parseUnsignedLong(words[0], 16);
              if (address != 0) {
                symbols.add(new SymbolTable.Symbol(address, 0, words[2]));
              }
            }
          });
      return new SymbolTable(symbols);
    } catch (IOException unreadable) {
      return SymbolTable.EMPTY;
    }
  }
}
