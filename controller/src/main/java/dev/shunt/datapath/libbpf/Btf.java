package dev.shunt.datapath.libbpf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/**
 * The types and global variables that a BPF object file declares in its BTF sections.
 *
 * <p>Immutable. Read in Java, without libbpf or a kernel.
 */
public final class Btf {
  /**
   * A field of a struct or union.
   *
   * @param offset first byte from the start of the struct
   * @param size bytes; of a bit field, those of its declared type
   * @param type the C type's name without qualifiers, e.g. {@code __u32}; empty when it has none
   */
  public record Member(int offset, int size, String type) {}

  /**
   * A global variable.
   *
   * @param section {@code .bss}, {@code .rodata}, {@code .data} or a custom section
   * @param offset first byte from the start of the section
   * @param size bytes
   */
  public record Variable(String section, int offset, int size) {}

  /** A struct or union with its fields in order; nameless inner structs are flattened. */
  record Struct(int size, Map<String, Member> members) {}

  private final Map<String, Struct> structs;
  private final Map<String, Map<String, Long>> enums;
  private final Map<String, Variable> variables;

  Btf(
      Map<String, Struct> structs,
      Map<String, Map<String, Long>> enums,
      Map<String, Variable> variables) {
    this.structs = structs;
    this.enums = enums;
    this.variables = variables;
  }

  /**
   * Reads an object file that clang made with {@code -g}.
   *
   * @throws BpfException it is not a 64-bit ELF file of this host's byte order, or has no BTF
   */
  public static Btf ofObject(byte[] elf) {
    ElfSections sections = new ElfSections(elf);
    return new BtfReader(sections.require(".BTF"), sections).read();
  }

  /** The fields of a struct or union by name, in order. */
  public Map<String, Member> members(String structName) {
    return require(structs, "struct", structName).members();
  }

  /** Bytes of a struct or union. */
  public int sizeOf(String structName) {
    return require(structs, "struct", structName).size();
  }

  /** The values of an enum by name, in order. */
  public Map<String, Long> enumerators(String enumName) {
    return require(enums, "enum", enumName);
  }

  /** A global variable by its C name. */
  public Variable variable(String name) {
    return require(variables, "variable", name);
  }

  /** All global variables of a section, by name. */
  public Map<String, Variable> variables(String section) {
    return variables.entrySet().stream()
        .filter(entry -> entry.getValue().section().equals(section))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
  }

  /** Whether the object file declares a struct or union of that name. */
  public boolean hasStruct(String structName) {
    return structs.containsKey(structName);
  }

  private static <T> T require(Map<String, T> all, String kind, String name) {
    T found = all.get(name);
    if (found == null) {
      throw new NoSuchElementException(kind + " " + name + " is not in the BTF");
    }
    return found;
  }
}
