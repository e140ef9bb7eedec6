package dev.shunt.agent;

import dev.shunt.ingest.file.FilterSlotStore;
import dev.shunt.reconcile.filter.SlotMemory;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Numbers of packet filter rules on disk. Loop thread. */
final class KeptSlots implements SlotMemory {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSlots.class);

  private final FilterSlotStore store;

  KeptSlots(FilterSlotStore store) {
    this.store = store;
  }

  @Override
  public Map<String, Integer> read() {
    try {
      return store.read();
    } catch (IOException lost) {
      LOG.warn(
          "read numbers of filter rules failed: {}; their counters begin anew", lost.getMessage());
      return Map.of();
    }
  }

  @Override
  public void write(Map<String, Integer> slots) {
    try {
      store.write(slots);
    } catch (IOException failed) {
      LOG.warn(
          "keep numbers of filter rules failed: {}; their counters may begin anew on a restart",
          failed.getMessage());
    }
  }
}
