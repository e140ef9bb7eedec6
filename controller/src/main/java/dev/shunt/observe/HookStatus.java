package dev.shunt.observe;

/**
 * A program and the kernel hook it is attached to.
 *
 * @param program name of the BPF program
 * @param hook e.g. {@code cgroup/sock_ops}, {@code tcx/ingress lo}, {@code tracepoint
 *     syscalls/sys_enter_splice}
 * @param error why it is not attached, with the errno; empty when attached
 * @param runCount kernel run-time statistics; 0 unless kernel.bpf_stats_enabled
 * @param runTimeNanos as {@code runCount}
 */
public record HookStatus(
    String program, String hook, String error, long runCount, long runTimeNanos) {
  /** True when the program runs at its hook. */
  public boolean attached() {
    return error.isEmpty();
  }
}
