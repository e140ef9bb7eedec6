package dev.shunt.datapath.symbols;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a 64-bit little-endian ELF file (elf(5)) says of its functions. Immutable; reads from the
 * buffer it was made of.
 */
final class ElfSymbols {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64 = 2;
  private static final int HEADER_BYTES = 64;
  private static final int LOAD = 1;
  private static final int SYMBOLS = 2;
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final int NOTE = 7;
  private static final int BUILD_ID = 3;
  private static final int FUNCTION = 2;
  private static final int INDIRECT_FUNCTION = 10;
  private static final int SYMBOL_BYTES = 24;
  private static final int NOTE_HEADER_BYTES = 12;

  private record Section(String name, int type, int offset, int size, int link) {}

  private record Segment(long offset, long address, long size) {}

  private final ByteBuffer file;
  private final List<Section> sections = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();

  /**
   * Reads the tables of contents.
   *
   * @param file whole, little-endian
   * @throws IllegalArgumentException it is no such file, or a broken one
   */
  ElfSymbols(ByteBuffer file) {
    this.file = file;
    if (file.limit() < HEADER_BYTES || file.getInt(0) != MAGIC || file.get(4) != CLASS_64) {
      throw new IllegalArgumentException("no 64-bit ELF file");
    }
    try {
      readSegments();
      readSections();
    } catch (IndexOutOfBoundsException broken) {
      throw new IllegalArgumentException("broken ELF file", broken);
    }
  }

  private void readSegments() {
    long at = file.getLong(0x20);
    int size = Short.toUnsignedInt(file.getShort(0x36));
    int count = Short.toUnsignedInt(file.getShort(0x38));
    for (int i = 0; i < count; i++) {
      int base = Math.toIntExact(at + (long) i * size);
      if (file.getInt(base) == LOAD) {
        segments.add(
            new Segment(file.getLong(base + 8), file.getLong(base + 16), file.getLong(base + 32)));
      }
    }
  }

  private void readSections() {
    int at = (int) file.getLong(0x28);
    int size = Short.toUnsignedInt(file.getShort(0x3a));
    int count = Short.toUnsignedInt(file.getShort(0x3c));
    if (at == 0 || count == 0) {
      return;
    }
    int names = (int) file.getLong(at + Short.toUnsignedInt(file.getShort(0x3e)) * size + 24);
    for (int i = 0; i < count; i++) {
      int base = at + i * size;
      sections.add(
          new Section(
              text(names + file.getInt(base)),
              file.getInt(base + 4),
              (int) file.getLong(base + 24),
              (int) file.getLong(base + 32),
              file.getInt(base + 40)));
    }
  }

  private String text(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - at];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The address that the file gives to what is at an offset of it. */
  Optional<Long> addressOf(long offset) {
    return segments.stream()
        .filter(each -> offset >= each.offset() && offset < each.offset() + each.size())
        .map(each -> offset - each.offset() + each.address())
        .findFirst();
  }

  /** Whether it has the table that linkers keep for debuggers. */
  boolean hasFullTable() {
    return sections.stream().anyMatch(section -> section.type() == SYMBOLS);
  }

  /** The functions of all its tables. */
  List<SymbolTable.Symbol> functions() {
    List<SymbolTable.Symbol> functions = new ArrayList<>();
    try {
      for (Section section : sections) {
        if (section.type() == SYMBOLS || section.type() == DYNAMIC_SYMBOLS) {
          addFunctions(section, functions);
        }
      }
    } catch (IndexOutOfBoundsException broken) {
      return functions; // as far as it is whole
    }
    return functions;
  }

  private void addFunctions(Section table, List<SymbolTable.Symbol> functions) {
    int names = sections.get(table.link()).offset();
    for (int at = table.offset(); at + SYMBOL_BYTES <= table.offset() + table.size(); ) {
      int type = file.get(at + 4) & 0xf;
      long address = file.getLong(at + 8);
      if ((type == FUNCTION || type == INDIRECT_FUNCTION) && address != 0) {
        functions.add(
            new SymbolTable.Symbol(address, file.getLong(at + 16), text(names + file.getInt(at))));
      }
      at += SYMBOL_BYTES;
    }
  }

  /** What links it to its debug file, in hex. */
  Optional<String> buildId() {
    for (Section section : sections) {
      if (section.type() == NOTE && section.size() > NOTE_HEADER_BYTES) {
        int nameBytes = (file.getInt(section.offset()) + 3) & ~3;
        int bytes = file.getInt(section.offset() + 4);
        int at = section.offset() + NOTE_HEADER_BYTES + nameBytes;
        boolean whole = bytes > 0 && bytes <= 64 && at + bytes <= file.limit();
        if (file.getInt(section.offset() + 8) == BUILD_ID && whole) {
          byte[] id = new byte[bytes];
          file.get(at, id);
          return Optional.of(HexFormat.of().formatHex(id));
        }
      }
    }
    return Optional.empty();
  }

  /** Name of its debug file. */
  Optional<String> debugLink() {
    return sections.stream()
        .filter(section -> section.name().equals(".gnu_debuglink"))
        .map(section -> text(section.offset()))
        .findFirst();
  }
}
