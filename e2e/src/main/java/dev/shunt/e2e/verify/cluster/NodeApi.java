package dev.shunt.e2e.verify.cluster;

import dev.shunt.cli.ExitCode;
import dev.shunt.cli.ShuntCommand;
import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.SceneException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What {@code shunt} on a node says, through the socket on the node's disk. Stateless; blocks.
 *
 * @param node that is asked
 */
record NodeApi(ClusterNode node) {
  private static final String SOCKET = "run/shunt/node.sock";

  private Path socket() {
    return node.settings().disk().resolve(SOCKET);
  }

  /**
   * The document of a command.
   *
   * @throws SceneException when the node does not answer
   */
  private Map<?, ?> ask(String... verb) {
    StringWriter document = new StringWriter();
    StringWriter errors = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of(verb));
    arguments.addAll(List.of("--socket", socket().toString(), "-o", "json"));
    int exitCode =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(document))
            .setErr(new PrintWriter(errors))
            .execute(arguments.toArray(String[]::new));
    if (exitCode != ExitCode.OK) {
      throw new SceneException(
          "ask %s for %s failed: exit %d: %s".formatted(node.name(), verb[0], exitCode, errors));
    }
    // every JSON document is a YAML document (YAML 1.2, section 1.3)
    Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(document.toString());
    if (root instanceof Map<?, ?> fields) {
      return fields;
    }
    throw new SceneException("ask " + node.name() + " failed: no object in " + document);
  }

  /** Bytes that went accelerated so far, by the name of the endpoint. */
  Map<String, Long> redirected() {
    return counts("bytes_redirected");
  }

  /** Connections that were paired so far, by the name of the endpoint. */
  Map<String, Long> paired() {
    return counts("connections_paired");
  }

  /** Modes in force, by the name of the endpoint. */
  Map<String, String> modes() {
    Map<String, String> modes = new TreeMap<>();
    for (Map<?, ?> endpoint : rows(ask("status"), "endpoints")) {
      modes.put(String.valueOf(endpoint.get("name")), String.valueOf(endpoint.get("mode")));
    }
    return modes;
  }

  /** Where the ends of an endpoint's connections stand; listening sockets have none. */
  List<String> steps(String endpoint) {
    return rows(ask("connections", "--endpoint", endpoint, "--limit", "0"), "connections").stream()
        .map(row -> String.valueOf(row.get("step")))
        .toList();
  }

  private static List<Map<?, ?>> rows(Map<?, ?> document, String field) {
    List<Map<?, ?>> rows = new ArrayList<>();
    if (document.get(field) instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> fields) {
          rows.add(fields);
        }
      }
    }
    return rows;
  }

  private Map<String, Long> counts(String field) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map<?, ?> endpoint : rows(ask("stats"), "endpoints")) {
      if (endpoint.get(field) instanceof Number number) {
        counts.put(String.valueOf(endpoint.get("name")), number.longValue());
      }
    }
    return counts;
  }
}
