package dev.shunt.observe.http;

/** A protocol on a connection. One thread. */
interface Spoken {
  /** Takes what comes next on its way. */
  void take(Segment segment);

  /** Why bytes are missing. */
  enum Cause {
    /** Segments were lost, any of them. */
    LOST,
    /** Whole requests were passed over with their responses, or the bytes moved unseen. */
    PASSED_OVER
  }

  /** So many bytes that nobody saw come next on a way. */
  void gap(Way way, long count, long nanos, Cause cause);

  /** Nothing more comes on a way. */
  void end(Way way);

  /** Whether something is missing when it is forgotten now. */
  boolean isMissed();

  /** At most what it keeps of the connection. */
  long keptBytes();
}
