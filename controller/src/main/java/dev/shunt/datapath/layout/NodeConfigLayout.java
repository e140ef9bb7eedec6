package dev.shunt.datapath.layout;

/** Field table of {@code struct node_config}, the row that the controller maps into its memory. */
public final class NodeConfigLayout {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("node_config")
          .u32("mode", "default_endpoint", "selectors", "events", "draining", "self_test_failed")
          .u32("adopt_turns", "invitations_max", "queue_ceiling_bytes", "fionread_guard")
          .u64("refresh_ns", "quiesce_ns")
          .u32("trait_generation", "sweep_wanted", "traits_known", "tapped")
          .u32("policy_changed", "unknown_waits")
          .build();

  private NodeConfigLayout() {}
}
