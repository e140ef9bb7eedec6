package dev.shunt.reconcile.filter;

import java.util.Map;

/**
 * Keeps which rule has which number in the pinned maps, so that counters and buckets of a rule go
 * on when another process takes the filters over. Used by the thread that applies filters.
 */
public interface SlotMemory {
  /** Remembers nothing: counters begin anew with each process. */
  SlotMemory NONE =
      new SlotMemory() {
        @Override
        public Map<String, Integer> read() {
          return Map.of();
        }

        @Override
        public void write(Map<String, Integer> slots) {}
      };

  /** Numbers by {@code PointRule#id()}; empty when none are known. */
  Map<String, Integer> read();

  /** Remembers these instead. Does not throw: what is not kept begins anew. */
  void write(Map<String, Integer> slots);
}
