package dev.shunt.observe;

/**
 * What a tap has seen so far. Immutable.
 *
 * @param messages that passed the filter
 * @param bytes of those
 * @param lostMessages of those, for which the ring had no room
 * @param lostBytes of those
 * @param sampledOut messages of connections that the sample leaves out
 */
public record TapTotals(
    long messages, long bytes, long lostMessages, long lostBytes, long sampledOut) {}
