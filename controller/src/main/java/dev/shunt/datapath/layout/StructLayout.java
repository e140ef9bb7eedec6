package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names, offsets and sizes of a C struct's fields, laid out by the rules of the x86-64 and arm64
 * ABIs. Immutable once built. A test holds every layout against BTF.
 */
public final class StructLayout {
  /**
   * One field.
   *
   * @param offset bytes from the start of the struct
   * @param size bytes, of all elements for an array
   */
  public record Field(int offset, int size) {}

  private final String name;
  private final Map<String, Field> fields;
  private final int size;
  private final int alignment;

  private StructLayout(Builder builder) {
    name = builder.name;
    fields = new LinkedHashMap<>(builder.fields);
    size = builder.align(builder.end, builder.alignment);
    alignment = builder.alignment;
  }

  /** Begins the layout of a struct with its C name. */
  public static Builder of(String name) {
    return new Builder(name);
  }

  /** The C name. */
  public String name() {
    return name;
  }

  /** {@code sizeof}, in bytes. */
  public int size() {
    return size;
  }

  /** All fields by their C names, in order. */
  public Map<String, Field> fields() {
    return Map.copyOf(fields);
  }

  /**
   * Offset of a field.
   *
   * @throws IllegalArgumentException there is no such field
   */
  public int offset(String field) {
    Field found = fields.get(field);
    if (found == null) {
      throw new IllegalArgumentException("struct " + name + " has no field " + field);
    }
    return found.offset();
  }

  /** A zeroed buffer of the struct's size in host byte order. */
  public ByteBuffer allocate() {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  /** Reads a 32-bit field of the struct that begins at {@code base}. */
  public int u32(ByteBuffer bytes, int base, String field) {
    return bytes.getInt(base + offset(field));
  }

  /** Reads a 64-bit field of the struct that begins at {@code base}. */
  public long u64(ByteBuffer bytes, int base, String field) {
    return bytes.getLong(base + offset(field));
  }

  /** Reads an unsigned 16-bit field of the struct that begins at {@code base}. */
  public int u16(ByteBuffer bytes, int base, String field) {
    return Short.toUnsignedInt(bytes.getShort(base + offset(field)));
  }

  /** Adds fields in declaration order. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private int end;
    private int alignment = 1;

    private Builder(String name) {
      this.name = name;
    }

    /** {@code __u8}, one per name. */
    public Builder u8(String... names) {
      return scalars(Byte.BYTES, names);
    }

    /** {@code __u16}, one per name. */
    public Builder u16(String... names) {
      return scalars(Short.BYTES, names);
    }

    /** {@code __u32}, one per name. */
    public Builder u32(String... names) {
      return scalars(Integer.BYTES, names);
    }

    /** {@code __u64}, one per name. */
    public Builder u64(String... names) {
      return scalars(Long.BYTES, names);
    }

    /** Array of {@code __u32}. */
    public Builder u32Array(String field, int count) {
      return add(field, Integer.BYTES * count, Integer.BYTES);
    }

    /** Array of {@code __u64}. */
    public Builder u64Array(String field, int count) {
      return add(field, Long.BYTES * count, Long.BYTES);
    }

    /** Array of {@code char}. */
    public Builder text(String field, int bytes) {
      return add(field, bytes, Byte.BYTES);
    }

    /** Array of structs; a count of 1 is a plain struct. */
    public Builder structs(String field, StructLayout layout, int count) {
      return add(field, layout.size * count, layout.alignment);
    }

    /** Ends the layout. */
    public StructLayout build() {
      return new StructLayout(this);
    }

    private Builder scalars(int size, String... names) {
      for (String field : names) {
        add(field, size, size);
      }
      return this;
    }

    private Builder add(String field, int size, int fieldAlignment) {
      int offset = align(end, fieldAlignment);
      fields.put(field, new Field(offset, size));
      end = offset + size;
      alignment = Math.max(alignment, fieldAlignment);
      return this;
    }

    private int align(int value, int to) {
      return (value + to - 1) / to * to;
    }
  }
}
