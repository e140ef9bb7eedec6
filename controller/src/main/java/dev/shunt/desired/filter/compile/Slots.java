package dev.shunt.desired.filter.compile;

import dev.shunt.desired.filter.PointRule;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers for rules, under which the programs keep counters and buckets. A rule keeps its number as
 * long as it exists, across points and changes. Used by one thread.
 */
public final class Slots {
  /** {@code FILTER_REASONS}: those before belong to odd packets. */
  public static final int FIRST = 8;

  /** {@code FILTER_SLOTS_MAX}. */
  public static final int MAX = 16_384;

  private final Map<String, Integer> slotOfRule = new HashMap<>();
  private final Map<Integer, String> ruleOfSlot = new HashMap<>();
  private final Deque<Integer> free = new ArrayDeque<>();
  private int next = FIRST;

  /** No rule has a number yet. */
  public Slots() {
    this(Map.of());
  }

  /**
   * Some rules have numbers already.
   *
   * @param known by {@link PointRule#id()}; those that are no numbers of rules, or have two, are
   *     left out
   */
  public Slots(Map<String, Integer> known) {
    known.forEach(
        (rule, slot) -> {
          if (slot >= FIRST && slot < MAX && ruleOfSlot.putIfAbsent(slot, rule) == null) {
            slotOfRule.put(rule, slot);
            next = Math.max(next, slot + 1);
          }
        });
    for (int slot = FIRST; slot < next; slot++) {
      if (!ruleOfSlot.containsKey(slot)) {
        free.add(slot);
      }
    }
  }

  /** The numbers that are taken, by rule. */
  public Map<String, Integer> taken() {
    return Map.copyOf(slotOfRule);
  }

  /**
   * The number of a rule.
   *
   * @throws IllegalArgumentException all are taken
   */
  public int of(PointRule rule) {
    Integer known = slotOfRule.get(rule.id());
    if (known != null) {
      return known;
    }
    if (free.isEmpty() && next == MAX) {
      throw new IllegalArgumentException(
          "rules of the node: more than " + (MAX - FIRST) + " (expected: at most that many)");
    }
    int slot = free.isEmpty() ? next++ : free.pop();
    slotOfRule.put(rule.id(), slot);
    ruleOfSlot.put(slot, rule.id());
    return slot;
  }

  /** The rule's {@link PointRule#id()}; empty text when the number is nobody's. */
  public String ruleAt(int slot) {
    return ruleOfSlot.getOrDefault(slot, "");
  }

  /**
   * Forgets the rules that are not among these.
   *
   * @return their numbers, which the next rules get
   */
  public List<Integer> retain(Collection<PointRule> rules) {
    Set<String> wanted = new HashSet<>();
    rules.forEach(rule -> wanted.add(rule.id()));
    List<Integer> freed =
        slotOfRule.entrySet().stream()
            .filter(entry -> !wanted.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .sorted()
            .toList();
    for (int slot : freed) {
      slotOfRule.remove(ruleOfSlot.remove(slot));
      free.push(slot);
    }
    return freed;
  }
}
