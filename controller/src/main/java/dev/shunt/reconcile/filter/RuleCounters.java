package dev.shunt.reconcile.filter;

import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.FilterName;

/**
 * Hits of one rule on all its points since it came into force.
 *
 * @param filter of the rule
 * @param rule name within the filter
 * @param mode in force
 * @param packets that it decided, or would have
 * @param bytes of those
 * @param deniedPackets that it dropped, or would have
 * @param deniedBytes of those
 */
public record RuleCounters(
    FilterName filter,
    String rule,
    FilterMode mode,
    long packets,
    long bytes,
    long deniedPackets,
    long deniedBytes) {}
