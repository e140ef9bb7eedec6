package dev.shunt.e2e.demo;

/**
 * How often one reason kept something on TCP. Immutable.
 *
 * @param connections connections that were not accelerated for it
 * @param messages messages of accelerated connections that went by TCP for it
 */
public record ReasonCount(long connections, long messages) {}
