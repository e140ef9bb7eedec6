package dev.shunt.e2e.verify.faults;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Live pairs lose the right to be redirected, in every way there is. Stateless. */
final class RevocationFault {
  private static final int ROUNDS = 3;
  private static final int PORT = 15999;
  private static final long LONGEST_MILLIS = 1000;

  /** Without a redirected byte: the load sends several hundred messages meanwhile. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  /** Of the counters, however long each takes. */
  private static final int SAMPLES = 5;

  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private RevocationFault() {}

  /** A way to revoke, and how it is taken back. */
  private record Way(String name, Runnable revoke, Runnable restore) {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "revocation",
            "mode, policy, its path or its port exclusion forbid live pairs, "
                + ROUNDS
                + " times each",
            RevocationFault::revoke));
  }

  private static Fault.Outcome revoke(FaultStage stage) {
    stage.endLoads();
    stage.startLoad(
        "checksummed_load", "--connections=3", "--count=200", "--listen=127.0.0.1:" + PORT);
    stage.awaitRedirecting();
    Map<String, Long> fastest = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Way way : ways(stage)) {
        long took = millisUntilQuiet(stage.node(), way);
        fastest.merge(way.name(), took, Math::min);
        way.restore().run();
        stage.awaitRedirecting();
      }
    }
    List<String> texts = new ArrayList<>();
    fastest.forEach((name, millis) -> texts.add(name + " " + millis + " ms"));
    String text = String.join(", ", texts);
    if (fastest.values().stream().anyMatch(millis -> millis > LONGEST_MILLIS)) {
      throw new SceneException("live pairs were redirected for too long: " + text);
    }
    return new Fault.Outcome("back on TCP after: " + text, 0);
  }

  private static List<Way> ways(FaultStage stage) {
    NodeHost node = stage.node();
    String namespace = stage.bed().namespaces().get(0);
    Path file = node.policyFile(namespace);
    String policy = NodeHost.policy(namespace, "accelerate");
    Runnable restore = () -> write(file, policy);
    return List.of(
        new Way("mode", () -> node.mode("off"), () -> node.mode("policy")),
        new Way("policy", () -> write(file, NodeHost.policy(namespace, "observe")), restore),
        new Way("policy removed", () -> delete(file), restore),
        new Way(
            "path forbidden",
            () -> write(file, policy.replace("samePod: true", "samePod: false")),
            restore),
        new Way(
            "port excluded",
            () -> write(file, policy + "  ports:\n    exclude: [%d]\n".formatted(PORT)),
            restore));
  }

  /** From the change to the last byte that was redirected, as the counters tell. */
  private static long millisUntilQuiet(NodeHost node, Way way) {
    long begin = System.nanoTime();
    way.revoke().run();
    long last = System.nanoTime();
    long bytes = -1;
    int equal = 0;
    while (System.nanoTime() - last < QUIET_NANOS || equal < SAMPLES) {
      long asked = System.nanoTime();
      long now = node.stats().bytesRedirected();
      equal++;
      if (now != bytes) {
        bytes = now;
        last = asked;
        equal = 0;
      }
      if (asked - begin > LIMIT_NANOS) {
        throw new SceneException(way.name() + ": live pairs are redirected still, 60 s later");
      }
    }
    return TimeUnit.NANOSECONDS.toMillis(last - begin);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new SceneException("delete " + file + " failed: " + e, e);
    }
  }
}
