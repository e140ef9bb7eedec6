package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;

/**
 * Counters that belong to no endpoint. {@code struct node_counters}.
 *
 * @param eventsLost event ring full
 * @param pairsExpired nonces not answered while they were valid
 * @param storageFailed no memory for socket-local state
 * @param traitsLearned workloads found to use splice or FIONREAD
 * @param reconnectsRefused connect() on a former member with unread bytes
 * @param optionsExcluded sockets marked by the setsockopt guard
 * @param stuckResets splice() readers that could never reach their redirected data
 * @param traitsLost calls that showed a trait for which there was no room
 */
public record NodeCountersRow(
    long eventsLost,
    long pairsExpired,
    long storageFailed,
    long traitsLearned,
    long reconnectsRefused,
    long optionsExcluded,
    long stuckResets,
    long traitsLost) {
  /** Field table. */
  public static final StructLayout LAYOUT =
      StructLayout.of("node_counters")
          .u64("events_lost", "pairs_expired", "storage_failed")
          .u64("traits_learned", "reconnects_refused", "options_excluded")
          .u64("stuck_resets", "traits_lost")
          .build();

  /** Nothing counted. */
  public static final NodeCountersRow NONE = new NodeCountersRow(0, 0, 0, 0, 0, 0, 0, 0);

  /** The sum of this and the struct that begins at {@code base}. */
  public NodeCountersRow plus(ByteBuffer bytes, int base) {
    return new NodeCountersRow(
        eventsLost + LAYOUT.u64(bytes, base, "events_lost"),
        pairsExpired + LAYOUT.u64(bytes, base, "pairs_expired"),
        storageFailed + LAYOUT.u64(bytes, base, "storage_failed"),
        traitsLearned + LAYOUT.u64(bytes, base, "traits_learned"),
        reconnectsRefused + LAYOUT.u64(bytes, base, "reconnects_refused"),
        optionsExcluded + LAYOUT.u64(bytes, base, "options_excluded"),
        stuckResets + LAYOUT.u64(bytes, base, "stuck_resets"),
        traitsLost + LAYOUT.u64(bytes, base, "traits_lost"));
  }
}
