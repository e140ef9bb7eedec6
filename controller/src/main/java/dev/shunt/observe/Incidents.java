package dev.shunt.observe;

/**
 * What happens seldom, counted for the node as a whole. Immutable.
 *
 * @param pairsExpired nonces that nobody answered while they were valid
 * @param storageFailed sockets for which the kernel had no memory: they stay on TCP
 * @param optionsExcluded pairs that left because of setsockopt()
 * @param stuckResets connections reset because their reader spliced past redirected data
 * @param traitsLost calls that showed a trait of a workload for which there was no room
 */
public record Incidents(
    long pairsExpired,
    long storageFailed,
    long optionsExcluded,
    long stuckResets,
    long traitsLost) {}
