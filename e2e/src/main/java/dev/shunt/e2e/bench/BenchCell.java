package dev.shunt.e2e.bench;

import java.util.Set;

/** One kind of traffic. Immutable; {@link #open} may block for seconds. */
public interface BenchCell {
  /** Path-like, such as {@code pingpong/1KB/16c}; unique in a run. */
  String name();

  /** How many rounds make sense of its runs, at least. */
  int rounds();

  /** What it can be measured with, of those that are wanted; always contains plain TCP. */
  Set<Variant> variants(Set<Variant> wanted);

  /**
   * Builds what the cell needs and waits until traffic can flow.
   *
   * @param variants as {@link #variants} gave them
   */
  CellRun open(Set<Variant> variants);
}
