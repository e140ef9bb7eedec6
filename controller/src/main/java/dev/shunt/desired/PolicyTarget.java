package dev.shunt.desired;

/**
 * What a policy selects, and what it knows of it.
 *
 * @param selector which connections
 * @param interception of the selected network namespace, or of all when none is named; a fact about
 *     the namespace, so it holds whichever policy wins there
 */
public record PolicyTarget(HostSelector selector, Interception interception) {
  /** Everything on the host, nothing intercepted. */
  public static final PolicyTarget EVERYTHING =
      new PolicyTarget(HostSelector.EVERYTHING, Interception.NONE);
}
