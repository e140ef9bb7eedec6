package dev.shunt.reconcile;

/**
 * A part of the desired state that names something that does not exist yet. Nothing can run there;
 * the next pass looks again.
 *
 * @param object what waits
 * @param missing what it waits for
 */
public record PendingName(String object, String missing) {
  /** For messages. */
  public String text() {
    return object + ": " + missing + " does not exist yet";
  }
}
