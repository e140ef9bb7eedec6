package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * A selector narrower than a network namespace; fields that do not count are zero. {@code struct
 * selector}.
 *
 * @param netnsCookie 0: any
 * @param workload its fields 0: any
 */
public record SelectorKey(long netnsCookie, Workload workload) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("selector")
          .u64("netns_cookie")
          .structs("workload", Workload.LAYOUT, 1)
          .build();

  /** {@code enum selector_field}, or-ed: which fields count. */
  public int fields() {
    return (netnsCookie == 0 ? 0 : 1)
        | (workload.cgroupId() == 0 ? 0 : 2)
        | (workload.executableInode() == 0 ? 0 : 4);
  }

  /** The key's bytes. */
  public ByteBuffer encode() {
    ByteBuffer bytes = LAYOUT.allocate();
    bytes.putLong(0, netnsCookie);
    workload.write(bytes, LAYOUT.offset("workload"));
    return bytes;
  }

  /** Reads a map key. */
  public static SelectorKey decode(ByteBuffer bytes) {
    return new SelectorKey(
        LAYOUT.u64(bytes, 0, "netns_cookie"), Workload.read(bytes, LAYOUT.offset("workload")));
  }
}
