package dev.shunt.observe;

/**
 * Counters of the node as a whole and how many connections are at a step now.
 *
 * @param eventsLost events dropped because the ring was full
 * @param pairedNow connections that are paired at this moment
 * @param adoptedNow sockets in the SOCKHASH at this moment
 * @param traitsLearned traits of workloads that were learned
 * @param reconnectsRefused connect() calls refused on a former member
 * @param incidents the rest, all of it seldom
 */
public record NodeCounters(
    long eventsLost,
    long pairedNow,
    long adoptedNow,
    long traitsLearned,
    long reconnectsRefused,
    Incidents incidents) {}
