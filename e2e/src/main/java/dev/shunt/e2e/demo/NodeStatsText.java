package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.SceneException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the document of {@code shunt stats -o json}. Pure. */
final class NodeStatsText {
  private NodeStatsText() {}

  /**
   * Parses the totals.
   *
   * @throws SceneException when the text is no such document
   */
  static NodeStats parse(String json) {
    Map<?, ?> root = NodeDocument.of("statistics", json);
    return new NodeStats(
        number(root, "bytes_redirected"),
        number(root, "bytes_passed"),
        number(root, "messages_redirected"),
        number(root, "spills"),
        reasons(root.get("reasons")));
  }

  private static long number(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    if (value instanceof Number number) {
      return number.longValue();
    }
    if (value instanceof String text && text.matches("\\d+")) {
      return Long.parseLong(text); // protobuf's JSON form writes 64-bit numbers as strings
    }
    throw new SceneException("parse statistics of the node failed: no number " + name);
  }

  private static Map<String, ReasonCount> reasons(@Nullable Object value) {
    Map<String, ReasonCount> reasons = new HashMap<>();
    if (!(value instanceof Map<?, ?> map)) {
      throw new SceneException("parse statistics of the node failed: no object reasons");
    }
    map.forEach(
        (name, count) -> {
          if (count instanceof Map<?, ?> fields) {
            reasons.put(
                String.valueOf(name).toLowerCase(Locale.ROOT),
                new ReasonCount(number(fields, "connections"), number(fields, "messages")));
          }
        });
    return reasons;
  }
}
