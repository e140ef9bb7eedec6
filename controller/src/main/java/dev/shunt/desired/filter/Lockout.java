package dev.shunt.desired.filter;

/** Whether a filter may deny fail-safe ports ({@code allowLockout}). Immutable. */
public enum Lockout {
  /** Fail-safe ports stay open whatever the rules say. */
  REFUSED,
  /** The rules hold for fail-safe ports too. */
  ALLOWED
}
