package dev.shunt.observe;

/**
 * Programs of another layout version, which serve the connections that they have. Immutable.
 *
 * @param layout its layout version
 * @param build start of the SHA-256 of its programs; empty when unknown
 * @param connections that it still serves
 */
public record OldVersionStatus(int layout, String build, long connections) {}
