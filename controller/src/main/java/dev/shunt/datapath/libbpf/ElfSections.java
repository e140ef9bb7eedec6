package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sections and symbols of a 64-bit ELF file (elf(5)) of this host's byte order. */
final class ElfSections {
  /** One row of the section header table. */
  private record Section(String name, int type, int offset, int size, int link) {}

  private static final int MAGIC =
      ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 0x464C457F : 0x7F454C46;
  private static final int CLASS_64 = 2;
  private static final int SYMBOL_BYTES = 24;
  private static final int SHT_SYMTAB = 2;
  private static final int SHT_NOBITS = 8;

  private final ByteBuffer elf;
  private final List<Section> sections = new ArrayList<>();

  ElfSections(byte[] content) {
    elf = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
    try {
      if (elf.getInt(0) != MAGIC || elf.get(4) != CLASS_64) {
        throw new BpfException("read object", "of " + content.length + " bytes", 8);
      }
      readSections();
    } catch (IndexOutOfBoundsException cut) {
      throw new BpfException("read object", "of " + content.length + " bytes", 8);
    }
  }

  private void readSections() {
    int table = Math.toIntExact(elf.getLong(40));
    int entry = elf.getShort(58);
    int count = elf.getShort(60) & 0xffff;
    int names = Math.toIntExact(elf.getLong(table + (elf.getShort(62) & 0xffff) * entry + 24));
    for (int i = 0; i < count; i++) {
      int at = table + i * entry;
      sections.add(
          new Section(
              text(names + elf.getInt(at)),
              elf.getInt(at + 4),
              Math.toIntExact(elf.getLong(at + 24)),
              Math.toIntExact(elf.getLong(at + 32)),
              elf.getInt(at + 40)));
    }
  }

  private String text(int at) {
    int end = at;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), at, end - at, StandardCharsets.UTF_8);
  }

  /** The content of a section; throws ENOENT when there is none. */
  ByteBuffer require(String name) {
    Section found =
        section(name)
            .orElseThrow(
                () -> new BpfException("find section", name + " of the object", Errno.ENOENT));
    int size = found.type() == SHT_NOBITS ? 0 : found.size();
    return elf.slice(found.offset(), size).order(elf.order());
  }

  private Optional<Section> section(String name) {
    return sections.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /**
   * The address of a symbol in its section: clang leaves the offsets of global variables in BTF at
   * 0 and libbpf takes them from here. Empty when there is no such symbol.
   */
  Optional<Integer> symbolOffset(String section, String symbol) {
    for (Section table : sections) {
      if (table.type() == SHT_SYMTAB) {
        int names = sections.get(table.link()).offset();
        for (int at = table.offset(); at < table.offset() + table.size(); at += SYMBOL_BYTES) {
          int home = elf.getShort(at + 6) & 0xffff;
          if (home < sections.size()
              && sections.get(home).name().equals(section)
              && text(names + elf.getInt(at)).equals(symbol)) {
            return Optional.of(Math.toIntExact(elf.getLong(at + 8)));
          }
        }
      }
    }
    return Optional.empty();
  }
}
