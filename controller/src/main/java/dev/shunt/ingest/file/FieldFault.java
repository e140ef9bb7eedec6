package dev.shunt.ingest.file;

/** The first thing wrong with a policy file. */
final class FieldFault extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int VALUE_MAX = 80;

  private final int line;

  /** A fault at a line, from 1; 0 when it is about the file as a whole. */
  FieldFault(int line, String text) {
    super(text);
    this.line = line;
  }

  /** A value that is out of its bound. */
  static FieldFault of(int line, String field, String value, String expected) {
    return new FieldFault(line, field + ": " + printable(value) + " (expected: " + expected + ")");
  }

  /** The same fault, with the policy it is in. */
  FieldFault in(String policy) {
    return new FieldFault(line, getMessage() + " in " + policy);
  }

  String at(String file) {
    return file + ":" + (line == 0 ? "" : line + ":") + " " + getMessage();
  }

  /** Values come from a file: no control characters and no long lines in messages. */
  static String printable(String value) {
    String clean = value.replaceAll("\\p{Cntrl}", "?");
    if (clean.isEmpty()) {
      return "''";
    }
    return clean.length() <= VALUE_MAX ? clean : clean.substring(0, VALUE_MAX) + "...";
  }
}
