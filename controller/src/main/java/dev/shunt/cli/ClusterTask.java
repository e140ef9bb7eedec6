package dev.shunt.cli;

/** What a command does with a control plane. */
@FunctionalInterface
interface ClusterTask {
  /** Asks it and writes the answer; returns the exit code. */
  int run(ClusterSession session);
}
