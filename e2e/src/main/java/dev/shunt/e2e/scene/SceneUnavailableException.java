package dev.shunt.e2e.scene;

/**
 * This host cannot run a scene (not root, a tool or a kernel feature is missing); the message is
 * one line with the remedy. Immutable.
 */
public final class SceneUnavailableException extends SceneException {
  private static final long serialVersionUID = 1L;

  public SceneUnavailableException(String message) {
    super(message);
  }
}
