package dev.shunt.observe;

import java.time.Instant;
import java.util.List;

/**
 * Something that happened to a connection. Immutable.
 *
 * @param time wall clock
 * @param type what happened
 * @param connection the end it happened to, with what the event carries; the rest is zero or empty
 * @param reason why; {@code NONE} when the type needs none
 * @param errno with REFUSE; 0 otherwise
 * @param lost events dropped by the kernel's ring since the one before; 0 normally
 * @param traits e.g. {@code splice} with TRAIT; empty otherwise
 */
public record NodeEventView(
    Instant time,
    EventType type,
    ConnectionView connection,
    Reason reason,
    int errno,
    long lost,
    List<String> traits) {
  /** Copies the list. */
  public NodeEventView {
    traits = List.copyOf(traits);
  }
}
