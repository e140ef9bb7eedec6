package dev.shunt.desired.connect;

import dev.shunt.desired.filter.FilterMode;
import dev.shunt.desired.filter.Lockout;

/**
 * What holds for all rules of a policy.
 *
 * @param priority -1000..1000; rules of the policy with the higher one come first
 * @param mode of rules that name none
 * @param lockout whether fail-safe ports may be denied
 */
public record ConnectSettings(int priority, FilterMode mode, Lockout lockout) {
  /** Bound of {@link #priority} both ways. */
  public static final int PRIORITY_MAX = 1000;

  /** Without a policy that says otherwise. */
  public static final ConnectSettings DEFAULT =
      new ConnectSettings(0, FilterMode.ENFORCE, Lockout.REFUSED);

  /** Checks the bound. */
  public ConnectSettings {
    if (Math.abs(priority) > PRIORITY_MAX) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: -1000..1000)");
    }
  }
}
