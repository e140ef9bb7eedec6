package dev.shunt.e2e.demo;

import dev.shunt.e2e.scene.SceneException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the document of {@code shunt stats -o json}. Pure. */
final class NodeStatsText {
  private NodeStatsText() {}

  /**
   * Parses the totals.
   *
   * @throws SceneException when the text is no such document
   */
  static NodeStats parse(String json) {
    Map<?, ?> root = document(json);
    return new NodeStats(
        number(root, "bytes_redirected"),
        number(root, "bytes_passed"),
        number(root, "messages_redirected"),
        number(root, "spills"),
        reasons(root.get("reasons")));
  }

  private static Map<?, ?> document(String json) {
    try {
      // every JSON document is a YAML document (YAML 1.2, section 1.3)
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
      if (root instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YAMLException e) {
      throw new SceneException("parse statistics of the node failed: " + e.getMessage(), e);
    }
    throw new SceneException("parse statistics of the node failed: not a JSON object");
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
