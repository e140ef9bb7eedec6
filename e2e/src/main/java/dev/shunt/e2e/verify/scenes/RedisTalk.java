package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** redis-cli talks to Redis over one connection: values of all sizes, lists, errors. Stateless. */
final class RedisTalk {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final int ROUNDS = 6;
  private static final int[] SIZES = {1, 1 << 10, 64 << 10, (1 << 20) + 7};

  /** Constant: what varies comes in as positional parameters, never as shell source. */
  private static final String WITH_INPUT = "exec \"$0\" --raw -h \"$1\" -p \"$2\" <\"$3\"";

  private RedisTalk() {}

  /**
   * Has the conversation.
   *
   * @param entrance {@code address:port}
   * @param number of the conversation in its bed
   */
  static Map<String, String> observe(Pod client, String entrance, int number) {
    List<String> commands = commands();
    Path folder = client.folder("talk-" + number, NginxApp.UID);
    Path input =
        SceneDirectory.write(
            folder.resolve("commands"), String.join("\n", commands) + "\n", NginxApp.UID);
    int colon = entrance.lastIndexOf(':');
    SceneProcess cli =
        client.start(
            "talk-" + number,
            NginxApp.UID,
            List.of(
                "/bin/sh",
                "-c",
                WITH_INPUT,
                SceneRequirements.program("redis-cli"),
                entrance.substring(0, colon).replaceAll("[\\[\\]]", ""),
                entrance.substring(colon + 1),
                input.toString()));
    int exit = cli.awaitExit(LIMIT);
    List<String> replies = cli.log().lines().toList();
    Map<String, String> seen = new LinkedHashMap<>();
    seen.put("exit code", Integer.toString(exit));
    seen.put("lines", Integer.toString(replies.size()));
    for (int i = 0; i < replies.size(); i++) {
      seen.put("line %03d".formatted(i + 1), Behaviour.fingerprint(replies.get(i)));
    }
    return seen;
  }

  private static List<String> commands() {
    List<String> commands = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : SIZES) {
        String key = "k" + round + "-" + size;
        commands.add("SET " + key + " " + HttpApp.text(size));
        commands.add("GET " + key);
        commands.add("STRLEN " + key);
        commands.add("INCR " + key); // an error: no number
        commands.add("RPUSH list " + key);
      }
      commands.add("LRANGE list 0 -1");
      commands.add("NO SUCH COMMAND");
    }
    return commands;
  }
}
