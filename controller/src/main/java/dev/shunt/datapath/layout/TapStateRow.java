package dev.shunt.datapath.layout;

/** Field table of {@code struct tap_state}, which the controller maps into its memory. */
public final class TapStateRow {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("tap_state")
          .u64("alive_until_ns", "messages", "bytes", "lost_messages", "lost_bytes", "sampled_out")
          .build();

  private TapStateRow() {}
}
