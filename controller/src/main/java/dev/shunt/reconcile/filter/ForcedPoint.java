package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import java.util.List;

/**
 * A point as it is in force.
 *
 * @param wanted what it was asked for
 * @param rules in the kernel
 * @param attachment how it is attached
 * @param condition empty when all is well
 * @param generation of the rules
 */
record ForcedPoint(
    WantedPoint wanted,
    PointRules rules,
    FilterPointState.Attachment attachment,
    String condition,
    long generation) {
  FilterPointState state() {
    List<FilterName> filters = rules.rules().stream().map(PointRule::filter).distinct().toList();
    return new FilterPointState(
        wanted.name(),
        wanted.device().name(),
        wanted.device().ifindex(),
        attachment,
        condition,
        filters,
        rules.rules().size(),
        generation);
  }
}
