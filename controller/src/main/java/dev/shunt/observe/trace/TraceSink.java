package dev.shunt.observe.trace;

/** Who reads a trace. All calls come from one thread of the module. */
public interface TraceSink {
  /** Whether it takes more now. */
  boolean isReady();

  /** Whether it has left: nothing more is told. */
  boolean hasLeft();

  /** Whether it wants the rest of what was seen until now, and then the end. */
  default boolean isEnough() {
    return false;
  }

  /** Takes an event. */
  void event(TraceEvent event);

  /** Called some times a second: hands on what it holds back, if it does. */
  default void flush() {
    // most hold nothing back
  }

  /** Nothing more will come. */
  void end();
}
