package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Counters of one endpoint, as the sum of any number of CPUs. {@code struct endpoint_counters}. Not
 * thread-safe.
 */
public final class EndpointCountersRow {
  /** {@code REASON_COUNT}. */
  public static final int REASON_COUNT = 32;

  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("endpoint_counters")
          .u64("connections_paired", "connections_adopted", "connections_joined")
          .u64("connections_closed", "messages_redirected", "bytes_redirected")
          .u64("messages_passed", "bytes_passed", "spills")
          .u64Array("connection_reasons", REASON_COUNT)
          .u64Array("message_reasons", REASON_COUNT)
          .build();

  private final long[] sums = new long[LAYOUT.size() / Long.BYTES];

  /** Adds the struct that begins at {@code base}: one CPU's share. */
  public void add(ByteBuffer bytes, int base) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += bytes.getLong(base + i * Long.BYTES);
    }
  }

  /** A scalar counter by its C name. */
  public long get(String field) {
    return sums[LAYOUT.offset(field) / Long.BYTES];
  }

  /** An element of {@code connection_reasons} or {@code message_reasons}. */
  public long get(String field, int reason) {
    return sums[LAYOUT.offset(field) / Long.BYTES + reason];
  }

  /** True when nothing was ever counted. */
  public boolean isEmpty() {
    return Arrays.stream(sums).allMatch(value -> value == 0);
  }
}
