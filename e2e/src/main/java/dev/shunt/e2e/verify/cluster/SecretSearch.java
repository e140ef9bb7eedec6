package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for secrets where people look: in the output of all pods and in Events. One thread; blocks.
 *
 * @param stage with the cluster
 */
record SecretSearch(ClusterStage stage) {
  /** Begin every token of a service account, and every key in PEM. */
  private static final List<String> MARKS = List.of("eyJhbGciOi", "PRIVATE KEY");

  /** A frame of a stack trace of gRPC: what a caller can provoke must not fill the log. */
  private static final String FRAME = "\tat io.grpc";

  private static final int SHORT = 16;

  /** Lines of a PEM file that are content. */
  static List<String> lines(Path pem) {
    try {
      return Files.readAllLines(pem).stream()
          .filter(line -> !line.startsWith("-----") && line.length() >= SHORT)
          .toList();
    } catch (IOException e) {
      throw new SceneException("read " + pem + " failed: " + e, e);
    }
  }

  /**
   * Checks that none of these is anywhere, nor anything that looks like one.
   *
   * @throws SceneException otherwise; it does not show what was found
   */
  void requireNone(List<String> secrets) {
    List<String> wanted = new ArrayList<>(MARKS);
    wanted.add(FRAME);
    for (String secret : secrets) {
      if (secret.length() < SHORT) {
        throw new SceneException("look for a secret failed: it is too short to be found");
      }
      wanted.add(secret);
    }
    Map<String, String> texts = texts();
    if (texts.values().stream().noneMatch(text -> text.contains("refused"))) {
      throw new SceneException("look for refusals in the logs failed: no log has any");
    }
    texts.forEach(
        (place, text) ->
            wanted.stream()
                .filter(text::contains)
                .findFirst()
                .ifPresent(
                    found -> {
                      throw new SceneException(
                          "%s has what it must not have: it begins with \"%s\""
                              .formatted(place, found.substring(0, Math.min(8, found.length()))));
                    }));
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    new PodLogs(stage).all().forEach((file, text) -> texts.put(file.toString(), text));
    texts.put("Events", stage.kubectl().run("get", "events", "-A", "-o", "json"));
    return texts;
  }
}
