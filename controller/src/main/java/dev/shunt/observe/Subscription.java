package dev.shunt.observe;

/** A running subscription to events. Any thread may close it, more than once. */
public interface Subscription extends AutoCloseable {
  /** Ends it: no event is delivered after the return, but for one that is being delivered now. */
  @Override
  void close();
}
