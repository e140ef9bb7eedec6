package dev.shunt.desired.connect;

/** What a rule does with an attempt that it decides. Immutable. */
public enum ConnectAction {
  /** The attempt goes on; later rules are not asked. */
  ALLOW,
  /** The caller gets EPERM. */
  DENY
}
