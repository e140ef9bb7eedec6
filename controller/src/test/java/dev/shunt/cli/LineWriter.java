package dev.shunt.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** A pipe whose reader goes away after some lines, as {@code | head -3} does. */
final class LineWriter extends Writer {
  private final List<String> lines;
  private final int readable;
  private final StringBuilder pending = new StringBuilder();

  LineWriter(List<String> lines, int readable) {
    this.lines = lines;
    this.readable = readable;
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    if (lines.size() >= readable) {
      throw new IOException("Broken pipe");
    }
    pending.append(text, offset, length);
    for (int end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
      lines.add(pending.substring(0, end));
      pending.delete(0, end + 1);
    }
  }

  @Override
  public void flush() {
    // Lines are taken as they come.
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
