package dev.shunt.datapath.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A record of a module's ring, or a key or row of its maps. Valid as long as the buffer behind it.
 *
 * @param layout of the struct
 * @param bytes that hold it
 * @param base where it begins
 */
public record TraceRecord(StructLayout layout, ByteBuffer bytes, int base) {
  private static final int COMMAND_BYTES = 16;

  /** Reads a record of a ring. */
  public TraceRecord(StructLayout layout, ByteBuffer bytes) {
    this(layout, bytes, bytes.position());
  }

  /** A 64-bit field by its C name. */
  public long u64(String field) {
    return layout.u64(bytes, base, field);
  }

  /** A 32-bit field by its C name. */
  public int u32(String field) {
    return layout.u32(bytes, base, field);
  }

  /** An unsigned 16-bit field by its C name. */
  public int u16(String field) {
    return layout.u16(bytes, base, field);
  }

  /** A {@code struct address} by its C name. */
  public InetAddress address(String field) {
    return Address.read(bytes, base + layout.offset(field));
  }

  /** Its {@code struct trace_socket}. */
  public TraceRecord socket() {
    return new TraceRecord(TraceRows.SOCKET, bytes, base + layout.offset("socket"));
  }

  /** Its {@code struct trace_process}. */
  public TraceRecord process() {
    return new TraceRecord(TraceRows.PROCESS, bytes, base + layout.offset("process"));
  }

  /** The characters of a {@code struct trace_process}, up to the first that is zero. */
  public String command() {
    return text("command", COMMAND_BYTES);
  }

  /** The characters of a field, up to the first that is zero. */
  public String text(String field, int bytesMax) {
    byte[] text = new byte[bytesMax];
    bytes.get(base + layout.offset(field), text);
    int length = 0;
    while (length < bytesMax && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  /** One of an array of structs. */
  public TraceRecord part(String field, StructLayout of, int index) {
    return new TraceRecord(of, bytes, base + layout.offset(field) + index * of.size());
  }

  /** An element of an array of 64-bit numbers. */
  public long element(String field, int index) {
    return bytes.getLong(base + layout.offset(field) + index * Long.BYTES);
  }
}
