package dev.shunt.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, lists, strings, numbers, booleans and null as JSON (RFC 8259). Written by hand
 * because a library costs every start of a command more than this page. Not thread safe.
 */
public final class Json {
  private final StringBuilder out = new StringBuilder();
  private final String indent;

  private Json(String indent) {
    this.indent = indent;
  }

  /** On many lines, for one document. */
  public static String pretty(Map<String, ?> document) {
    return new Json("  ").write(document, "\n").out.toString();
  }

  /** On one line, for a stream. */
  public static String line(Map<String, ?> document) {
    return new Json("").write(document, "").out.toString();
  }

  private Json write(@Nullable Object value, String margin) {
    if (value instanceof Map<?, ?> map) {
      writeMap(map, margin);
    } else if (value instanceof List<?> list) {
      writeList(list, margin);
    } else if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
      out.append("null");
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      writeString(value.toString());
    }
    return this;
  }

  private void writeMap(Map<?, ?> map, String margin) {
    out.append('{');
    String inner = margin + indent;
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      out.append(inner);
      writeString(String.valueOf(entry.getKey()));
      out.append(": ");
      write(entry.getValue(), inner);
      out.append(entries.hasNext() ? separator() : margin);
    }
    out.append('}');
  }

  private void writeList(List<?> list, String margin) {
    out.append('[');
    String inner = margin + indent;
    Iterator<?> values = list.iterator();
    while (values.hasNext()) {
      out.append(inner);
      write(values.next(), inner);
      out.append(values.hasNext() ? separator() : margin);
    }
    out.append(']');
  }

  private String separator() {
    return indent.isEmpty() ? ", " : ",";
  }

  private void writeString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
