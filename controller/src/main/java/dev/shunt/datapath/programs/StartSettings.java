package dev.shunt.datapath.programs;

import dev.shunt.datapath.layout.EndpointPolicyRow;
import dev.shunt.datapath.maps.ConfigMap;
import dev.shunt.desired.PolicySpec;
import java.time.Duration;

/** The settings with which a node starts, before policy is known. Stateless. */
final class StartSettings {
  private static final int INVITATIONS_MAX = 12;

  /**
   * With what TCP holds on top (3.9 MB by default), less than twice TCP's own for a stalled reader.
   */
  private static final int QUEUE_CEILING_BYTES = 3 << 20;

  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration QUIESCE = Duration.ofMillis(200);

  private StartSettings() {}

  /** Keeps the policy that an earlier process wrote. */
  static void write(ConfigMap config, SockmapDatapath.Start start) {
    boolean known = config.getLong("quiesce_ns") != 0; // else an earlier start died before this
    config.set("invitations_max", INVITATIONS_MAX);
    config.set("queue_ceiling_bytes", QUEUE_CEILING_BYTES);
    config.setLong("quiesce_ns", QUIESCE.toNanos());
    config.set("events", 0);
    config.set("draining", 0);
    if (start == SockmapDatapath.Start.FRESH || !known) {
      config.set("mode", EndpointPolicyRow.MODE_OFF);
      config.set("adopt_turns", PolicySpec.MIN_TURNS_DEFAULT);
      config.setLong("refresh_ns", REFRESH.toNanos());
    }
  }
}
