package dev.shunt.ingest.distribution;

/**
 * How the node stands with the control plane. Immutable.
 *
 * @param isConnected whether the stream is open
 * @param version in force; empty when none
 * @param error of the last attempt or version, one sentence; empty when all is well
 */
public record PlaneStatus(boolean isConnected, String version, String error) {}
