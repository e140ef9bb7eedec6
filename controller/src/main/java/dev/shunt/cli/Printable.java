package dev.shunt.cli;

/**
 * What programs and peers have named, such as themselves and paths, for terminals, which obey such
 * text. Stateless.
 */
final class Printable {
  private static final String CONTROLS = "[\\p{Cntrl}\\x80-\\x9f]";

  private Printable() {}

  /** The text in one line, with a question mark for each control character. */
  static String of(String text) {
    return text.replaceAll(CONTROLS, "?");
  }
}
