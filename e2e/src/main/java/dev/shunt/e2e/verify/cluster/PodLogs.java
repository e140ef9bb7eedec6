package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.ClusterNode;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The output of the pods that are there, as the test kubelet keeps it. Stateless; blocks.
 *
 * @param stage with the cluster
 */
record PodLogs(ClusterStage stage) {
  private static final String FOLDER = "log-";

  /** Of all containers, by file: {@code pods/UID/log-CONTAINER/RESTARTS.log}. */
  Map<Path, String> all() {
    Map<Path, String> texts = new TreeMap<>();
    for (ClusterNode node : stage.nodes()) {
      Path pods = node.settings().directory().path().resolve("pods");
      for (Path file : SceneDirectory.filesBelow(pods)) {
        Path below = pods.relativize(file);
        if (below.getNameCount() == 3 && below.getName(1).toString().startsWith(FOLDER)) {
          texts.put(file, read(file));
        }
      }
    }
    return texts;
  }

  /** Of one container of all pods that have it, one after the other. */
  String of(String container) {
    StringBuilder text = new StringBuilder();
    all()
        .forEach(
            (file, log) -> {
              if (Objects.requireNonNull(file.getParent()).endsWith(FOLDER + container)) {
                text.append(log);
              }
            });
    return text.toString();
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }
}
