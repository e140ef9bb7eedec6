package dev.shunt.reconcile.filter;

import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.compile.Slots;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The numbers by which the data path counts rules, and which of them hold nothing but counts of
 * their own rule: a number that no rule is known by may have counted for another one. Used under
 * the lock of {@link NodePacketFilters}.
 */
final class SettledSlots {
  private final FilterStage stage;
  private final SlotMemory memory;
  private final Slots slots;
  private final BitSet settled = new BitSet();

  /** As {@link #memory} has it. */
  private Map<String, Integer> remembered;

  /** Begins with what is remembered of an earlier process. */
  SettledSlots(FilterStage stage, SlotMemory memory) {
    this.stage = stage;
    this.memory = memory;
    slots = new Slots(memory.read());
    remembered = slots.taken();
    if (!remembered.isEmpty()) {
      settled.set(0, Slots.FIRST);
      remembered.values().forEach(settled::set);
    }
  }

  /** The numbers. */
  Slots slots() {
    return slots;
  }

  /** These rules, and no others, are in force: others give their numbers back. */
  void settle(List<PointRule> rules) {
    slots.retain(rules).forEach(stage::clear);
    if (settled.isEmpty()) {
      IntStream.range(0, Slots.FIRST).forEach(this::settle);
    }
    rules.forEach(rule -> settle(slots.of(rule)));
    if (!slots.taken().equals(remembered)) {
      remembered = slots.taken();
      memory.write(remembered);
    }
  }

  private void settle(int slot) {
    if (!settled.get(slot)) {
      stage.clear(slot);
      settled.set(slot);
    }
  }
}
