package dev.shunt.ingest.file;

import dev.shunt.desired.Interception;
import dev.shunt.desired.pod.ClusterFacts;
import dev.shunt.desired.pod.Labels;
import dev.shunt.desired.pod.PodFacts;
import dev.shunt.desired.pod.PodId;
import dev.shunt.desired.pod.PodNetwork;
import dev.shunt.desired.pod.PodPhase;
import dev.shunt.desired.pod.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keeps what was known of the pods of this node across restarts, in {@code <state-dir>/pods}: one
 * pod, namespace or node a line, fields separated by tabs. A node that starts while the API server
 * is away goes on from it.
 *
 * <p>Thread rule: one thread at a time; blocks for a disk write. Nothing to close.
 */
public final class ClusterFactsStore {
  private static final int POD_FIELDS = 11;
  private static final int LABEL_FIELDS = 3;

  private final StateFile file;

  /**
   * What was read.
   *
   * @param facts as kept last; {@link ClusterFacts#UNKNOWN} when nothing was, or after an error
   * @param error why they could not be read; empty when they could
   */
  public record Stored(ClusterFacts facts, Optional<String> error) {}

  /** The folder is created by the first write. */
  public ClusterFactsStore(Path stateDirectory) {
    this.file = new StateFile(stateDirectory.resolve("pods"));
  }

  /** Never throws: what cannot be read gives no facts, with the error. */
  public Stored read() {
    List<PodFacts> pods = new ArrayList<>();
    Map<String, Map<String, String>> namespaces = new HashMap<>();
    Map<String, Map<String, String>> nodes = new HashMap<>();
    try {
      for (String line : file.read().orElse("").lines().toList()) {
        String[] fields = line.split("\t", -1);
        if (fields[0].equals("pod") && fields.length == POD_FIELDS) {
          pods.add(pod(fields));
        } else if (fields[0].equals("namespace") && fields.length == LABEL_FIELDS) {
          namespaces.put(fields[1], labels(fields[2]));
        } else if (fields[0].equals("node") && fields.length == LABEL_FIELDS) {
          nodes.put(fields[1], labels(fields[2]));
        } else {
          throw new IllegalArgumentException(
              FieldFault.printable(line) + " (expected: a pod, namespace or node)");
        }
      }
      return new Stored(new ClusterFacts(pods, new Labels(namespaces, nodes)), Optional.empty());
    } catch (IOException | IllegalArgumentException e) {
      return new Stored(
          ClusterFacts.UNKNOWN,
          Optional.of(
              "read pods "
                  + file.path()
                  + " failed: "
                  + e.getMessage()
                  + "; observing pods until the API server answers"));
    }
  }

  private static PodFacts pod(String[] fields) {
    return new PodFacts(
        new PodId(fields[1], fields[2], fields[3]),
        fields[4],
        labels(fields[10]),
        new Workload(fields[5], fields[6]),
        PodNetwork.valueOf(fields[7]),
        PodPhase.valueOf(fields[8]),
        Interception.valueOf(fields[9]));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String label : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = label.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            FieldFault.printable(label) + " (expected: a label and its value)");
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return labels;
  }

  /**
   * Keeps the facts.
   *
   * @throws IOException when they are not kept; the file then holds what it held before
   */
  public void write(ClusterFacts facts) throws IOException {
    StringBuilder text = new StringBuilder();
    for (PodFacts pod : facts.pods()) {
      line(
          text,
          "pod",
          pod.uid(),
          pod.namespace(),
          pod.name(),
          pod.node(),
          pod.workload().kind(),
          pod.workload().name(),
          pod.network().name(),
          pod.phase().name(),
          pod.interception().name(),
          text(pod.labels()));
    }
    new TreeMap<>(facts.labels().ofNamespaces())
        .forEach((name, labels) -> line(text, "namespace", name, text(labels)));
    new TreeMap<>(facts.labels().ofNodes())
        .forEach((name, labels) -> line(text, "node", name, text(labels)));
    file.write(text.toString());
  }

  private static void line(StringBuilder text, String... fields) {
    text.append(String.join("\t", fields)).append('\n');
  }

  private static String text(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }
}
