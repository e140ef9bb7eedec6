package dev.shunt.e2e.bench.filters;

/**
 * One shape of rules on one lane.
 *
 * @param lane that packets took
 * @param cidrs of all rules together
 * @param rules on the lane
 */
record TrafficCell(Lane lane, int cidrs, int rules) {}
