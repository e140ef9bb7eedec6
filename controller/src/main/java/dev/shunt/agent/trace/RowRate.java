package dev.shunt.agent.trace;

import dev.shunt.datapath.programs.OpenTrace;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows of a second, of one cgroup and of the node. For modules whose programs cannot bound them, as
 * they do not know what becomes a row. One thread.
 */
final class RowRate {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final OpenTrace.Rates rates;
  private final Map<Long, Integer> taken = new HashMap<>();
  private int takenOfNode;
  private long second;
  private long shed;

  RowRate(OpenTrace.Rates rates) {
    this.rates = rates;
  }

  /** Whether a row may be told; else it is counted as shed. */
  boolean permits(long cgroup, long nanos) {
    if (nanos / SECOND_NANOS > second) {
      second = nanos / SECOND_NANOS;
      taken.clear();
      takenOfNode = 0;
    }
    if (taken.merge(cgroup, 1, Integer::sum) <= rates.pod() && takenOfNode < rates.node()) {
      takenOfNode++;
      return true;
    }
    shed++;
    return false;
  }

  /** Rows that were not told. */
  long shed() {
    return shed;
  }
}
