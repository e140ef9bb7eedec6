package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 * @param connections ends that were not accelerated, by reason
 * @param messages messages of accelerated connections that went by TCP, by reason
 */
public record HostStats(
    long bytesRedirected,
    long bytesPassed,
    Map<String, Long> connections,
    Map<String, Long> messages) {
  /** What an end is until it is known to be anything else; the first only points at the other. */
  private static final Set<String> WEAK = Set.of("peer_not_suitable", "too_young", "unpaired");

  /** Copies the maps. */
  public HostStats {
    connections = Collections.unmodifiableMap(new TreeMap<>(connections));
    messages = Collections.unmodifiableMap(new TreeMap<>(messages));
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
    return new HostStats(
        number(fields.get("bytes_redirected")),
        number(fields.get("bytes_passed")),
        counts(map, "connections"),
        counts(map, "messages"));
  }

  private static Map<String, Long> counts(Map<?, ?> reasons, String kind) {
    Map<String, Long> counts = new TreeMap<>();
    reasons.forEach(
        (reason, count) -> {
          if (!(count instanceof Map<?, ?> parts)) {
            throw new SceneException("parse statistics failed: no object " + reason);
          }
          counts.put((reason + "").toLowerCase(Locale.ROOT), number(parts.get(kind)));
        });
    return counts;
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
  public HostStats since(HostStats earlier) {
    return new HostStats(
        bytesRedirected - earlier.bytesRedirected,
        bytesPassed - earlier.bytesPassed,
        added(connections, earlier.connections),
        added(messages, earlier.messages));
  }

  private static Map<String, Long> added(Map<String, Long> now, Map<String, Long> earlier) {
    Map<String, Long> added = new TreeMap<>();
    now.forEach(
        (reason, count) -> {
          long more = count - earlier.getOrDefault(reason, 0L);
          if (more > 0) {
            added.put(reason, more);
          }
        });
    return added;
  }

  /**
   * The reason that most ends were not accelerated for, or else most messages; empty when there is
   * none. What says least counts last.
   */
  String mainReason() {
    Map<String, Long> causes = new TreeMap<>(connections);
    if (!WEAK.containsAll(causes.keySet())) {
      causes.keySet().removeAll(WEAK);
    }
    return (causes.isEmpty() ? messages : causes)
        .entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
  }

  /** The reasons of this period in one line, most frequent first. */
  public String reasonsLine() {
    Map<String, Long> all = new TreeMap<>(connections);
    messages.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return String.join(
        " ",
        all.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList());
  }
}
