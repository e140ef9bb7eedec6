package dev.shunt.desired.filter;

/** Whether a rule acts. Immutable. */
public enum FilterMode {
  /** The rule decides. */
  ENFORCE,
  /** The rule counts and reports, and changes nothing. */
  MONITOR
}
