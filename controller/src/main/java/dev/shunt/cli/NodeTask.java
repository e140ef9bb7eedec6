package dev.shunt.cli;

/** What a command does with a node. */
@FunctionalInterface
interface NodeTask {
  /** Asks the node and writes the answer; returns the exit code. */
  int run(NodeSession session);
}
