package dev.shunt.cli;

/** The exit codes that scripts rely on. */
public final class ExitCode {
  /** The command did what was asked, and its finding is positive. */
  public static final int OK = 0;

  /** The command ran, but its finding is negative: the node is not ready, a self-test failed. */
  public static final int NEGATIVE = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** The command cannot run here: a prerequisite is missing, or no node answers. */
  public static final int CANNOT_RUN = 3;

  private ExitCode() {}
}
