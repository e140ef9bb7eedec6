package dev.shunt.e2e.bench.socket;

/**
 * Where client and server run; as {@code enum placement} of e2e/load. Two processes that wake each
 * other in turns share a CPU or do not, as the scheduler likes, and that alone changes a turn
 * five-fold on a virtual machine: a fixed place makes runs comparable.
 */
public enum LoadPlacement {
  /** Wherever the scheduler puts them: for many connections, which keep all CPUs busy. */
  FREE("free", ""),
  /** Both on one CPU: what the code path costs. */
  ONE_CPU("one-cpu", "/1cpu"),
  /** On a CPU each. */
  TWO_CPUS("two-cpus", "/2cpu");

  private final String option;
  private final String suffix;

  LoadPlacement(String option, String suffix) {
    this.option = option;
    this.suffix = suffix;
  }

  /** Value of {@code shunt-load --placement}. */
  String option() {
    return option;
  }

  /** End of the cell's name. */
  String suffix() {
    return suffix;
  }
}
