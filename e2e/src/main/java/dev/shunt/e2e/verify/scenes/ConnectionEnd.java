package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.SceneException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One row of {@code shunt connections -o json}. Immutable.
 *
 * @param cookie of the socket
 * @param peer cookie of the other end; 0 when it is not paired
 * @param cgroup of the socket
 * @param side {@code active} or {@code passive}
 * @param reason why it is not accelerated, or why its last message went by TCP
 * @param bytesRedirected sent by this end from socket to socket
 */
record ConnectionEnd(
    String cookie, String peer, String cgroup, String side, String reason, long bytesRedirected) {
  /** SnakeYAML refuses more than 3 MB unless told otherwise. */
  private static final int MOST_CODE_POINTS = 64 << 20;

  /**
   * Reads the document.
   *
   * @throws SceneException when it is no such document
   */
  static List<ConnectionEnd> parse(String json) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_CODE_POINTS);
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    Object root = new Yaml(new SafeConstructor(options)).load(json);
    if (!(root instanceof Map<?, ?> fields)
        || !(fields.get("connections") instanceof List<?> rows)) {
      throw new SceneException("parse connections failed: no list connections in " + json);
    }
    return rows.stream().map(ConnectionEnd::row).toList();
  }

  private static ConnectionEnd row(@Nullable Object row) {
    if (!(row instanceof Map<?, ?> fields)) {
      throw new SceneException("parse connections failed: no object in the list: " + row);
    }
    return new ConnectionEnd(
        text(fields, "cookie"),
        text(fields, "peer_cookie"),
        text(fields, "cgroup"),
        text(fields, "side"),
        text(fields, "reason"),
        Long.parseLong(text(fields, "bytes_redirected")));
  }

  private static String text(Map<?, ?> fields, String key) {
    Object value = fields.get(key);
    if (value == null) {
      throw new SceneException("parse connections failed: no " + key + " in " + fields);
    }
    return value.toString();
  }

  /** Whether a process of a role holds it. */
  boolean isOf(Role role) {
    return cgroup.endsWith("/" + role.folder());
  }

  /** Whether its holder connected. */
  boolean isActive() {
    return side.equals("active");
  }
}
