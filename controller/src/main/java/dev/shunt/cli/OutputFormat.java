package dev.shunt.cli;

import java.util.Locale;

/** How a command writes its result to standard output. */
public enum OutputFormat {
  /** Aligned columns for people. */
  TABLE,
  /** One JSON document; a stream writes one document a line. */
  JSON,
  /** One JSON document a line, in a stream and elsewhere. */
  NDJSON,
  /** One YAML document; a stream separates documents with {@code ---}. */
  YAML;

  /** The value as it is typed on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
