package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Who is told of the messages of one way. */
interface Http1Messages {
  /** Whether this, at the start of a segment, begins a message of the kind. */
  boolean isBegin(ByteBuffer bytes);

  /** Whether the next message may begin; asked between two. */
  boolean mayBegin();

  /** The first byte of a message has come. */
  void begin(long nanos);

  /** The head is complete; says how the body is delimited, or null: this is no message. */
  @Nullable Http1Body head(Http1Head head);

  /** So many bytes of the message. */
  void bytes(long count, long nanos);

  /** The message is complete. */
  void end();

  /** Messages are missing from here on. */
  void lost();

  /** It is not known where the message ends, nor whether others follow it in the same segment. */
  void lostEnd();
}
