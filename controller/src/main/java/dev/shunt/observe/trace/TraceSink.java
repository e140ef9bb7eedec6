package dev.shunt.observe.trace;

/** Who reads a trace. All calls come from one thread of the module. */
public interface TraceSink {
  /** Whether it takes more now. */
  boolean isReady();

  /** Whether it has left: nothing more is told. */
  boolean hasLeft();

  /** Takes an event. */
  void event(TraceEvent event);

  /** Nothing more will come. */
  void end();
}
