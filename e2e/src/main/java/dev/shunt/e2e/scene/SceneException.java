package dev.shunt.e2e.scene;

/**
 * A scene could not be built, driven or removed; the message is one line for the user. Immutable.
 */
public class SceneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SceneException(String message) {
    super(message);
  }

  public SceneException(String message, Throwable cause) {
    super(message, cause);
  }
}
