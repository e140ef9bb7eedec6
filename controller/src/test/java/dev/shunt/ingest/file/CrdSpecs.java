package dev.shunt.ingest.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds the specs that {@link CrdSchemaTest} asks the reader about. Stateless. */
final class CrdSpecs {
  private CrdSpecs() {}

  /** What else a spec has to have so that a value at a path can be good: each a way. */
  static List<Map<String, Object>> needs(List<String> path) {
    String last = path.get(path.size() - 1);
    String text = String.join("/", path);
    if (text.startsWith("rules/0/rateLimit")) {
      Map<String, Object> limited = Map.of("rules/0/action", "rate_limit");
      Map<String, Object> packets =
          Map.of("rules/0/action", "rate_limit", "rules/0/rateLimit/packetsPerSecond", 10);
      Map<String, Object> bytes =
          Map.of("rules/0/action", "rate_limit", "rules/0/rateLimit/bytesPerSecond", 1000);
      return last.endsWith("PerSecond") ? List.of(limited) : List.of(packets, bytes);
    }
    if (text.startsWith("rules/0/ports") || text.startsWith("rules/0/sourcePorts")) {
      return List.of(Map.of("rules/0/protocol", "tcp"));
    }
    if (text.startsWith("rules/0/icmp")) {
      return List.of(Map.of("rules/0/protocol", "icmp"));
    }
    if (text.equals("rules/0/action")) {
      return List.of(Map.of(), Map.of("rules/0/rateLimit", Map.of("packetsPerSecond", 10)));
    }
    if (text.equals("modules/0/sampling")) {
      return List.of(Map.of("modules/0/name", "http"));
    }
    if (last.equals("hook")) {
      return List.of(Map.of("interfaces", List.of("eth0")));
    }
    if (text.endsWith("matchExpressions/0/operator")) {
      String parent = text.substring(0, text.length() - "operator".length());
      return List.of(
          Map.of(parent + "key", "a"),
          Map.of(parent + "key", "a", parent + "values", List.of("b")));
    }
    if (text.contains("matchExpressions/0")) {
      String parent = text.substring(0, text.indexOf("matchExpressions/0")) + "matchExpressions/0/";
      return List.of(
          Map.of(parent + "key", "a", parent + "operator", "In", parent + "values", List.of("b")));
    }
    return List.of(Map.of());
  }

  /** Puts a value at a path, and what leads to it. */
  @SuppressWarnings("unchecked")
  static void set(Map<String, Object> spec, List<String> path, Object value) {
    Object at = spec;
    for (int i = 0; i < path.size(); i++) {
      boolean isLast = i == path.size() - 1;
      boolean listNext = !isLast && path.get(i + 1).equals("0");
      Object fresh =
          isLast ? changeable(value) : listNext ? new ArrayList<>() : new LinkedHashMap<>();
      if (at instanceof List<?> list) {
        List<Object> items = (List<Object>) list;
        if (items.isEmpty()) {
          items.add(fresh);
        } else if (isLast) {
          items.set(0, fresh);
        }
        at = Objects.requireNonNull(items.get(0));
      } else {
        Map<String, Object> map = (Map<String, Object>) at;
        if (isLast) {
          map.put(path.get(i), fresh);
        } else {
          map.putIfAbsent(path.get(i), fresh);
        }
        at = Objects.requireNonNull(map.get(path.get(i)));
      }
    }
  }

  private static Object changeable(Object value) {
    return value instanceof List<?> list ? new ArrayList<Object>(list) : value;
  }
}
