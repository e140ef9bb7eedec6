package dev.shunt.agent.trace;

import java.nio.ByteBuffer;
import java.util.List;

/** What becomes of a module's records. On the thread of the session, but for {@link #begin}. */
interface TraceTelling extends AutoCloseable {
  /** Notes how things are before a reader is told anything. The thread of who opens the trace. */
  void begin(TraceReader reader);

  /** Takes a record of the ring, valid during the call. */
  void record(ByteBuffer bytes, List<TraceReader> readers);

  /** Tells a reader what is due by now. */
  void tell(TraceReader reader, long now);

  /** Tells a reader the rest, and forgets it. */
  void tellLast(TraceReader reader);

  /**
   * Tells what has ended without a word of its own, after all that is in the ring and before
   * somebody is told the last.
   */
  default void settle() {
    // most are told every end
  }

  /** Rows over the rate that it has not told itself. */
  default long shed() {
    return 0;
  }

  /** What it could not follow itself. */
  default long untracked() {
    return 0;
  }

  /** What it could not make sense of. */
  default long unread() {
    return 0;
  }

  /** To be called every second or so: clocks and names change. */
  void refresh();

  /** Ends what it does beside, before the module leaves the kernel. */
  @Override
  default void close() {
    // most do nothing beside
  }
}
