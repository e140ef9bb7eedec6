package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * What a network namespace is to the node. {@code struct netns_state}.
 *
 * @param flags {@code enum netns_flag}, or-ed
 * @param endpoint of sockets that no narrower selector matches
 */
public record NetnsState(int flags, int endpoint) {
  /** {@code NETNS_HOOKED}: adoption is attached here. */
  public static final int HOOKED = 1;

  /** {@code NETNS_INTERCEPTED}: a sidecar intercepts outbound traffic. */
  public static final int INTERCEPTED = 2;

  /** {@code NETNS_TRANSLATED}: the host translates destinations to pods of its own. */
  public static final int TRANSLATED = 4;

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("netns_state").u32("flags", "endpoint").build();

  /** The row as a map value. */
  public ByteBuffer encode() {
    return LAYOUT.allocate().putInt(flags).putInt(endpoint).flip();
  }

  /** Reads a map value. */
  public static NetnsState decode(ByteBuffer bytes) {
    return new NetnsState(LAYOUT.u32(bytes, 0, "flags"), LAYOUT.u32(bytes, 0, "endpoint"));
  }
}
