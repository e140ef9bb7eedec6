package dev.shunt.observe;

/** Receives connections one by one, on the caller's thread. */
@FunctionalInterface
public interface ConnectionVisitor {
  /** Takes one connection and says whether it wants more. */
  Visit visit(ConnectionView connection);

  /** Whether to go on. */
  enum Visit {
    CONTINUE,
    STOP
  }
}
