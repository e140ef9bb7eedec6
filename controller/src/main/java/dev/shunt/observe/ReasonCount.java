package dev.shunt.observe;

/**
 * How often a reason was given.
 *
 * @param reason never {@code NONE}
 * @param connections ends of connections that were not accelerated for it
 * @param messages messages of members that went by TCP for it
 */
public record ReasonCount(Reason reason, long connections, long messages) {}
