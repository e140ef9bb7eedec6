package dev.shunt.e2e.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What {@code shunt stats -o json} says. Immutable.
 *
 * @param bytesRedirected payload bytes handed from socket to socket
 * @param bytesPassed payload bytes of covered connections that went by TCP
 * @param reasons connections and messages that were not redirected, by reason
 */
record HostStats(long bytesRedirected, long bytesPassed, Map<String, Long> reasons) {

  HostStats {
    reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
  }

  /**
   * Reads the document.
   *
   * @throws SceneException when a total is missing
   */
  static HostStats parse(String json) {
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    if (!(root instanceof Map<?, ?> fields) || !(fields.get("reasons") instanceof Map<?, ?> map)) {
      throw new SceneException("parse statistics failed: no object reasons in " + json);
    }
    Map<String, Long> reasons = new TreeMap<>();
    map.forEach(
        (reason, count) -> reasons.put((reason + "").toLowerCase(Locale.ROOT), total(count)));
    return new HostStats(
        number(fields.get("bytes_redirected")), number(fields.get("bytes_passed")), reasons);
  }

  /** A count, or the sum of the counts of an object. */
  private static long total(Object count) {
    if (count instanceof Map<?, ?> parts) {
      return parts.values().stream().mapToLong(HostStats::number).sum();
    }
    return number(count);
  }

  private static long number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    if (value instanceof String text && text.matches("\\d+")) {
      return Long.parseLong(text); // protobuf's JSON form writes 64-bit numbers as strings
    }
    throw new SceneException("parse statistics failed: not a number: " + value);
  }

  /** What was added since {@code earlier}. */
  HostStats since(HostStats earlier) {
    Map<String, Long> added = new TreeMap<>();
    reasons.forEach(
        (reason, count) -> {
          long more = count - earlier.reasons.getOrDefault(reason, 0L);
          if (more > 0) {
            added.put(reason, more);
          }
        });
    return new HostStats(
        bytesRedirected - earlier.bytesRedirected, bytesPassed - earlier.bytesPassed, added);
  }

  /** The reasons of this period in one line, most frequent first. */
  String reasonsLine() {
    return String.join(
        " ",
        reasons.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
  }
}
