package dev.shunt.cluster.compile;

/**
 * Where a watch reports to: the seam between the cluster and what is made of it. Any thread may
 * call it; it never blocks.
 */
public interface FactSink {
  /** Something is so from now on. */
  void accept(Fact fact);

  /** Everything that was so at the start has been told once; called once. */
  void synced();
}
