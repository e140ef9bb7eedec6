package dev.shunt.e2e.bench;

/**
 * One goal against what was measured. Immutable.
 *
 * @param name which cell and measure
 * @param met whether the median keeps the bound
 * @param value the median
 * @param bound that it is held to
 */
record GoalResult(String name, boolean met, double value, double bound) {}
