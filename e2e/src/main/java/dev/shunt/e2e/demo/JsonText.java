package dev.shunt.e2e.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes maps, lists, strings, numbers and booleans as JSON (RFC 8259). Pure. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  /**
   * The document on several lines, without a newline at the end.
   *
   * @throws IllegalArgumentException when a value has no JSON form (another type, NaN, infinity)
   */
  static String of(Map<String, ?> document) {
    JsonText text = new JsonText();
    text.value(document, "\n");
    return text.out.toString();
  }

  private void value(Object value, String newline) {
    if (value instanceof Map<?, ?> map) {
      sequence("{", map.entrySet().iterator(), "}", newline, entry -> entry(entry, newline));
    } else if (value instanceof List<?> list) {
      sequence("[", list.iterator(), "]", newline, item -> value(item, newline + "  "));
    } else if (value instanceof String string) {
      string(string);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      out.append(number);
    } else {
      throw new IllegalArgumentException("no JSON form: " + value);
    }
  }

  private void entry(Map.Entry<?, ?> entry, String newline) {
    string(String.valueOf(entry.getKey()));
    out.append(": ");
    value(entry.getValue(), newline + "  ");
  }

  private <T> void sequence(
      String open, Iterator<T> items, String close, String newline, Consumer<T> writer) {
    out.append(open);
    if (items.hasNext()) {
      String separator = newline + "  ";
      while (items.hasNext()) {
        out.append(separator);
        writer.accept(items.next());
        separator = "," + newline + "  ";
      }
      out.append(newline);
    }
    out.append(close);
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
