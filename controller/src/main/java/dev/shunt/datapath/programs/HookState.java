package dev.shunt.datapath.programs;

/**
 * A program and where it is attached.
 *
 * @param program name in the object
 * @param hook e.g. {@code cgroup/sock_ops /sys/fs/cgroup}
 * @param error why it is not attached; empty when it is
 * @param runCount kernel run-time statistics; 0 unless they are enabled
 * @param runTimeNanos as {@code runCount}
 */
public record HookState(
    String program, String hook, String error, long runCount, long runTimeNanos) {}
