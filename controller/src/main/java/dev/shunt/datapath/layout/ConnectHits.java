package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * What a rule has counted. {@code struct connect_counters}.
 *
 * @param hits attempts that it decided, or would have in enforce mode
 * @param denied of these, refused
 */
public record ConnectHits(long hits, long denied) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("connect_counters").u64("hits", "denied").build();

  /** Nothing counted. */
  public static final ConnectHits NONE = new ConnectHits(0, 0);

  /** The sum of this and the struct that begins at {@code base}. */
  public ConnectHits plus(ByteBuffer bytes, int base) {
    return new ConnectHits(
        hits + LAYOUT.u64(bytes, base, "hits"), denied + LAYOUT.u64(bytes, base, "denied"));
  }
}
