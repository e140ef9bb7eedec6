package dev.shunt.observe;

/** Something that can walk all connections, as often as asked. */
@FunctionalInterface
public interface ConnectionSource {
  /** Shows every connection to the visitor until it has enough, on the caller's thread. */
  void walk(ConnectionVisitor visitor);
}
