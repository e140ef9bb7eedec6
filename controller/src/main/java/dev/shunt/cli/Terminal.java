package dev.shunt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole screen of a terminal, with keys read one by one. Lifecycle: {@link #open} switches to
 * the alternate screen, {@link #close} restores everything, also when Ctrl-C ends the process. Not
 * thread safe.
 */
final class Terminal implements AutoCloseable {
  /** xterm's alternate screen and a hidden cursor; and back. */
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";

  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final int LINES_DEFAULT = 24;
  private static final long STTY_SECONDS = 2;

  /** Lines and columns, as {@code stty size} prints them. */
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,3}) \\d+");

  private final PrintWriter out;
  private final String settings;
  private final Thread restoreAtExit = new Thread(this::restore, "terminal-restore");
  private boolean restored;

  private Terminal(PrintWriter out, String settings) {
    this.out = out;
    this.settings = settings;
  }

  /** Takes the screen; keys are no longer echoed. */
  static Terminal open(PrintWriter out) {
    Terminal terminal = new Terminal(out, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.restoreAtExit);
    stty("-icanon", "-echo", "min", "0", "time", "0");
    out.print(ENTER);
    out.flush();
    return terminal;
  }

  /** Replaces what is shown, without flicker. */
  void draw(String text) {
    out.print(HOME + text.replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW);
    out.flush();
  }

  /** True when q was typed since the last call. */
  boolean quitWanted() {
    try {
      InputStream in = System.in;
      boolean quit = false;
      while (in.available() > 0) {
        int key = in.read();
        quit |= key == 'q' || key == 'Q';
      }
      return quit;
    } catch (IOException e) {
      return true; // The terminal is gone.
    }
  }

  /** Height of the screen as it is now. */
  int lines() {
    Matcher size = SIZE.matcher(stty("size"));
    return size.matches() ? Integer.parseInt(size.group(1)) : LINES_DEFAULT;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(restoreAtExit);
    restore();
  }

  private synchronized void restore() {
    if (restored) {
      return;
    }
    restored = true;
    out.print(LEAVE);
    out.flush();
    stty(settings.isEmpty() ? "sane" : settings);
  }

  /** Runs stty(1) on this terminal; empty when it cannot. */
  private static String stty(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "stty";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return process.waitFor(STTY_SECONDS, TimeUnit.SECONDS) ? answer : "";
    } catch (IOException e) {
      return ""; // No stty: the view works, keys need Enter.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
