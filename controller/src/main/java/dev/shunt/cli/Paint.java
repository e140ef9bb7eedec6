package dev.shunt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Colours text for a terminal, or leaves it as it is. Immutable. */
public enum Paint {
  /** No colour: files, pipes, {@code --no-color}, NO_COLOR. */
  PLAIN,
  /** ANSI sequences (ECMA-48 SGR). */
  ANSI;

  private static final String RESET = "\u001b[0m";

  /** ANSI when standard output is a terminal and NO_COLOR (no-color.org) is not set. */
  public static Paint ofStandardOutput() {
    String refused = System.getenv("NO_COLOR");
    boolean wanted = refused == null || refused.isEmpty();
    return wanted && isTerminal(1) ? ANSI : PLAIN;
  }

  /** True when the file descriptor of this process is a terminal. */
  public static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Text that says that all is well. */
  public String good(String text) {
    return sgr("32", text);
  }

  /** Text that wants a look. */
  public String warning(String text) {
    return sgr("33", text);
  }

  /** Text that says that something failed. */
  public String bad(String text) {
    return sgr("31", text);
  }

  /** Headings. */
  public String bold(String text) {
    return sgr("1", text);
  }

  private String sgr(String code, String text) {
    return this == PLAIN ? text : "\u001b[" + code + "m" + text + RESET;
  }
}
