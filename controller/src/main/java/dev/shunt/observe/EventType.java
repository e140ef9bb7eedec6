package dev.shunt.observe;

/** Kinds of events. Ordinals are those of {@code enum event_type} in layout.h. */
public enum EventType {
  /** A connection was paired. */
  OPEN,
  /** A socket became a member of the SOCKHASH. */
  ADOPT,
  /** The first message of a direction was redirected. */
  JOIN,
  /** A redirecting direction went back to TCP. */
  SPILL,
  /** A paired socket closed. */
  CLOSE,
  /** A workload trait was learned. */
  TRAIT,
  /** The kernel refused an adoption. */
  REFUSE
}
