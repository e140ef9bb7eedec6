package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses a {@code .BTF} section (Documentation/bpf/btf.rst of kernel 6.18). */
final class BtfReader {
  /** One {@code struct btf_type} and where its trailing records start. */
  private record Type(String name, int kind, int count, int sizeOrType, int flag, int extra) {}

  private static final int MAGIC = 0xEB9F;
  private static final int TYPE_BYTES = 12;
  private static final int INT = 1;
  private static final int PTR = 2;
  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  private static final int TYPEDEF = 8;
  private static final int VOLATILE = 9;
  private static final int RESTRICT = 11;
  private static final int FUNC_PROTO = 13;
  private static final int VAR = 14;
  private static final int DATASEC = 15;
  private static final int FLOAT = 16;
  private static final int DECL_TAG = 17;
  private static final int TYPE_TAG = 18;
  private static final int ENUM64 = 19;
  private static final int POINTER_BYTES = 8;

  private final ByteBuffer btf;
  private final ElfSections elf;
  private final int strings;
  private final List<Type> types = new ArrayList<>();

  BtfReader(ByteBuffer btf, ElfSections elf) {
    this.btf = btf;
    this.elf = elf;
    if (btf.remaining() < 24 || (btf.getShort(0) & 0xffff) != MAGIC) {
      throw new BpfException("read BTF", "of " + btf.remaining() + " bytes", Errno.EINVAL);
    }
    int header = btf.getInt(4);
    strings = header + btf.getInt(16);
    readTypes(header + btf.getInt(8), btf.getInt(12));
  }

  private void readTypes(int start, int bytes) {
    types.add(new Type("void", 0, 0, 0, 0, 0));
    int at = start;
    while (at < start + bytes) {
      int facts = btf.getInt(at + 4);
      Type type =
          new Type(
              text(btf.getInt(at)),
              facts >>> 24 & 0x1f,
              facts & 0xffff,
              btf.getInt(at + 8),
              facts >>> 31,
              at + TYPE_BYTES);
      types.add(type);
      at = type.extra() + extraBytes(type);
    }
  }

  private static int extraBytes(Type type) {
    return switch (type.kind()) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * type.count();
      case ENUM, FUNC_PROTO -> 8 * type.count();
      default -> 0;
    };
  }

  private String text(int offset) {
    int end = strings + offset;
    while (btf.get(end) != 0) {
      end++;
    }
    byte[] utf8 = new byte[end - strings - offset];
    btf.get(strings + offset, utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  Btf read() {
    Map<String, Btf.Struct> structs = new LinkedHashMap<>();
    Map<String, Map<String, Long>> enums = new LinkedHashMap<>();
    Map<String, Btf.Variable> variables = new LinkedHashMap<>();
    for (Type type : types) {
      switch (type.kind()) {
        case STRUCT, UNION -> structs.putIfAbsent(type.name(), struct(type));
        case TYPEDEF -> addTypedef(type, structs, enums);
        case ENUM, ENUM64 -> addEnum(type, enums);
        case DATASEC -> addVariables(type, variables);
        default -> {}
      }
    }
    return new Btf(structs, enums, variables);
  }

  /** Nameless enums, which only define constants, come together under the empty name. */
  private void addEnum(Type type, Map<String, Map<String, Long>> enums) {
    enums.computeIfAbsent(type.name(), name -> new LinkedHashMap<>()).putAll(enumerators(type));
  }

  /** A nameless struct or enum is known by its typedef. */
  private void addTypedef(
      Type type, Map<String, Btf.Struct> structs, Map<String, Map<String, Long>> enums) {
    Type target = types.get(type.sizeOrType());
    if (target.kind() == STRUCT || target.kind() == UNION) {
      structs.putIfAbsent(type.name(), struct(target));
    } else if (target.kind() == ENUM || target.kind() == ENUM64) {
      enums.putIfAbsent(type.name(), enumerators(target));
    }
  }

  private Btf.Struct struct(Type type) {
    Map<String, Btf.Member> members = new LinkedHashMap<>();
    addMembers(type, 0, members);
    return new Btf.Struct(type.sizeOrType(), Collections.unmodifiableMap(members));
  }

  private void addMembers(Type type, int base, Map<String, Btf.Member> members) {
    for (int i = 0; i < type.count(); i++) {
      int at = type.extra() + 12 * i;
      String name = text(btf.getInt(at));
      int member = btf.getInt(at + 4);
      int raw = btf.getInt(at + 8);
      int offset = base + (type.flag() == 1 ? raw & 0xffffff : raw) / Byte.SIZE;
      Type target = types.get(member);
      if (name.isEmpty() && (target.kind() == STRUCT || target.kind() == UNION)) {
        addMembers(target, offset, members);
      } else {
        members.put(name, new Btf.Member(offset, sizeOf(member), nameOf(member)));
      }
    }
  }

  private Map<String, Long> enumerators(Type type) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (int i = 0; i < type.count(); i++) {
      if (type.kind() == ENUM) {
        int at = type.extra() + 8 * i;
        int value = btf.getInt(at + 4);
        values.put(text(btf.getInt(at)), type.flag() == 1 ? value : value & 0xffffffffL);
      } else {
        int at = type.extra() + 12 * i;
        long low = btf.getInt(at + 4) & 0xffffffffL;
        values.put(text(btf.getInt(at)), (long) btf.getInt(at + 8) << 32 | low);
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private void addVariables(Type section, Map<String, Btf.Variable> variables) {
    for (int i = 0; i < section.count(); i++) {
      int at = section.extra() + 12 * i;
      Type variable = types.get(btf.getInt(at));
      int recorded = btf.getInt(at + 4);
      int offset = elf.symbolOffset(section.name(), variable.name()).orElse(recorded);
      variables.put(variable.name(), new Btf.Variable(section.name(), offset, btf.getInt(at + 8)));
    }
  }

  private int sizeOf(int id) {
    Type type = types.get(id);
    return switch (type.kind()) {
      case INT, STRUCT, UNION, ENUM, FLOAT, ENUM64 -> type.sizeOrType();
      case PTR -> POINTER_BYTES;
      case ARRAY -> sizeOf(btf.getInt(type.extra())) * btf.getInt(type.extra() + 8);
      default -> qualifies(type) || type.kind() == TYPEDEF ? sizeOf(type.sizeOrType()) : 0;
    };
  }

  private String nameOf(int id) {
    Type type = types.get(id);
    return qualifies(type) ? nameOf(type.sizeOrType()) : type.name();
  }

  /** volatile, const, restrict and type tags. */
  private static boolean qualifies(Type type) {
    return (type.kind() >= VOLATILE && type.kind() <= RESTRICT) || type.kind() == TYPE_TAG;
  }
}
