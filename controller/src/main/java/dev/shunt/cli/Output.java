package dev.shunt.cli;

import java.io.PrintWriter;
import java.util.Map;

/**
 * Standard output of one command: a document for scripts, or text for people. Not thread safe.
 *
 * @param writer standard output
 * @param format that was asked for
 * @param paint for text
 */
public record Output(PrintWriter writer, OutputFormat format, Paint paint) {
  /** True when people read it. */
  public boolean isText() {
    return format == OutputFormat.TABLE;
  }

  /** Writes the one document of the command, or the text. */
  public void result(Map<String, Object> document, String text) {
    switch (format) {
      case TABLE -> writer.print(text);
      case JSON -> writer.print(Json.pretty(document) + "\n");
      case NDJSON -> writer.print(Json.line(document) + "\n");
      case YAML -> writer.print(Yaml.document(document));
    }
    writer.flush();
  }

  /**
   * Writes one document of a stream, or its text.
   *
   * @return false when nobody reads any more: the stream should end
   */
  public boolean item(Map<String, Object> document, String text) {
    switch (format) {
      case TABLE -> writer.print(text);
      case JSON, NDJSON -> writer.print(Json.line(document) + "\n");
      case YAML -> writer.print("---\n" + Yaml.document(document));
    }
    return !writer.checkError();
  }
}
