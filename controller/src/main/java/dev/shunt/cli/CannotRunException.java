package dev.shunt.cli;

/**
 * Ends a command with {@link ExitCode#CANNOT_RUN}. The message is one line for the user: what is
 * missing and how to mend it; no stack trace is shown.
 */
public final class CannotRunException extends CommandException {
  private static final long serialVersionUID = 1L;

  public CannotRunException(String message) {
    super(ExitCode.CANNOT_RUN, message);
  }

  public CannotRunException(String message, Throwable cause) {
    super(ExitCode.CANNOT_RUN, message, cause);
  }
}
