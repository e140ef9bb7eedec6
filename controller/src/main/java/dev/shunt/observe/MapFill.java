package dev.shunt.observe;

/**
 * How full a bounded map is.
 *
 * @param name of the BPF map
 * @param entries rows in use
 * @param capacity rows it can hold
 */
public record MapFill(String name, long entries, long capacity) {}
