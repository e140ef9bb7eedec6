package dev.shunt.e2e.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A section of a page of the user guide that a command writes. Pure but for reading the file.
 *
 * @param command that writes it, such as {@code verify faults}
 */
public record PageSection(String command) {
  /** The line before it. */
  public String begin() {
    return "<!-- shunt " + command + ": begin -->";
  }

  /** The line behind it. */
  public String end() {
    return "<!-- shunt " + command + ": end -->";
  }

  /**
   * The page with its section replaced, or with the section behind what it has.
   *
   * @param content that ends with a line break
   * @throws IOException the page cannot be read
   */
  public String replaced(Path page, String content) throws IOException {
    String text = Files.exists(page) ? Files.readString(page) : "";
    String fresh = begin() + "\n" + content + end();
    int from = text.indexOf(begin());
    int to = text.indexOf(end());
    return from < 0 || to < from
        ? text + fresh + "\n"
        : text.substring(0, from) + fresh + text.substring(to + end().length());
  }
}
