package dev.shunt.datapath.libbpf;

/**
 * What a program has cost since it was loaded; both are 0 while {@link Libbpf#enableStats()} is
 * off.
 *
 * @param runTimeNanos time spent in the program on all CPUs, in nanoseconds
 * @param runCount number of runs
 */
public record ProgramUsage(long runTimeNanos, long runCount) {
  /** What came on top of what was counted earlier. */
  public ProgramUsage since(ProgramUsage earlier) {
    return new ProgramUsage(runTimeNanos - earlier.runTimeNanos, runCount - earlier.runCount);
  }
}
