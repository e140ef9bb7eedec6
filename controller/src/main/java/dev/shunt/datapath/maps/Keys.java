package dev.shunt.datapath.maps;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Scalar keys and values in host byte order. */
final class Keys {
  private Keys() {}

  static ByteBuffer u32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
  }

  static ByteBuffer u64(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value);
  }
}
