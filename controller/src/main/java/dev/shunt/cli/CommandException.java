package dev.shunt.cli;

/**
 * Ends a command with an exit code and one line for the user; no stack trace is shown. See {@link
 * CannotRunException} for the most common kind.
 */
public class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /**
   * Ends the command.
   *
   * @param exitCode one of {@link ExitCode}
   * @param message one line: operation, object, cause, remedy
   */
  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** As the other one, with the cause. */
  public CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** One of {@link ExitCode}. */
  public final int exitCode() {
    return exitCode;
  }
}
