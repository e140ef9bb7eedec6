package dev.shunt.datapath.libbpf;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;

/**
 * Zeroed native memory in host byte order that C may read and write during a call.
 *
 * <p>Freed with the object; {@link #fence()} after the call keeps it reachable until then. Not for
 * use by two threads at once.
 */
final class NativeBuffer {
  private final ByteBuffer bytes;
  private final Pointer pointer;

  NativeBuffer(int size) {
    bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    pointer = Pointer.wrap(NativeLibc.RUNTIME, bytes);
  }

  /** A copy of a C string's bytes with the closing NUL. */
  static NativeBuffer of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    NativeBuffer buffer = new NativeBuffer(utf8.length + 1);
    buffer.bytes.put(0, utf8);
    return buffer;
  }

  static NativeBuffer of(byte[] content) {
    NativeBuffer buffer = new NativeBuffer(content.length);
    buffer.bytes.put(0, content);
    return buffer;
  }

  Pointer pointer() {
    return pointer;
  }

  int size() {
    return bytes.capacity();
  }

  long address() {
    return pointer.address();
  }

  /** The memory itself; absolute reads and writes leave its position alone. */
  ByteBuffer bytes() {
    return bytes;
  }

  int getInt(int offset) {
    return bytes.getInt(offset);
  }

  long getLong(int offset) {
    return bytes.getLong(offset);
  }

  NativeBuffer putInt(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  NativeBuffer putLong(int offset, long value) {
    bytes.putLong(offset, value);
    return this;
  }

  /** The text up to the first NUL, at most {@code limit} bytes. */
  String string(int offset, int limit) {
    int end = offset;
    while (end < offset + limit && bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - offset];
    bytes.get(offset, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Copies what remains of {@code source} to the start, leaving its position alone. */
  void copyFrom(ByteBuffer source, int expected, String what) {
    if (source.remaining() != expected) {
      throw new IllegalArgumentException(
          what + ": " + source.remaining() + " bytes (expected: " + expected + ")");
    }
    bytes.put(0, source, source.position(), expected);
  }

  /** A fresh heap copy of a range, in host byte order. */
  ByteBuffer copy(int offset, int length) {
    ByteBuffer copy = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    copy.put(0, bytes, offset, length);
    return copy;
  }

  /** Keeps the memory reachable up to here; called after the native call. */
  @SuppressWarnings("ReachabilityFenceUsage") // an exception before it ends the need for the memory
  void fence() {
    Reference.reachabilityFence(this);
  }
}
