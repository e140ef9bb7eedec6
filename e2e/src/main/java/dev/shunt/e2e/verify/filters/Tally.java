package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.filter.Explanation;
import dev.shunt.desired.filter.FilterAction;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.ReferenceMatcher;
import java.util.HashMap;
import java.util.Map;

/** What the reference matcher expects of one rule set: verdicts, and counts by rule. */
final class Tally {
  private final ReferenceMatcher matcher;
  private final boolean dropsOdd;
  private final Map<String, Long> packets = new HashMap<>();

  Tally(PointRules rules) {
    matcher = new ReferenceMatcher(rules);
    dropsOdd = rules.canDrop();
  }

  /** Counts a frame; returns whether it is to be dropped. */
  boolean drops(Reading reading) {
    if (reading.odd().isPresent()) {
      count(reading.odd().get().name());
      return dropsOdd;
    }
    if (reading.packet().isEmpty()) {
      return false;
    }
    Explanation explanation = matcher.decide(reading.packet().get());
    explanation.monitored().map(PointRule::id).ifPresent(this::count);
    explanation.decided().map(PointRule::id).ifPresent(this::count);
    return explanation.action() == FilterAction.Kind.DENY;
  }

  private void count(String id) {
    packets.merge(id, 1L, Long::sum);
  }

  /** Packets of a rule, or of an odd reason, so far. */
  long packets(String id) {
    return packets.getOrDefault(id, 0L);
  }
}
