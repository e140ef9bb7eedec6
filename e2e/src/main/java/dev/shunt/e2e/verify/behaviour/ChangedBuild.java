package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.ResourceTree;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The BPF programs of this build, changed: a copy of their sources, which this build carries, is
 * changed at exact places and compiled. One thread; what is made lives in the given directory.
 */
final class ChangedBuild {
  private static final String SOURCES = "/dev/shunt/e2e/bpf";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /**
   * A place in a source and what it becomes.
   *
   * @param file below {@code bpf/}
   * @param anchor text that occurs exactly once
   */
  record Change(String file, String anchor, String replacement) {}

  private ChangedBuild() {}

  /**
   * Compiles the changed sources.
   *
   * @return a folder for the node's class path
   * @throws SceneException when an anchor is gone, or the compiler refuses
   */
  static Path make(Path directory, List<Change> changes) {
    Path sources = directory.resolve("bpf-sources");
    Path output = directory.resolve("changed");
    ResourceTree.copy(SOURCES, sources);
    for (Change change : changes) {
      apply(sources.resolve(change.file()), change);
    }
    SceneProcess make =
        SceneProcess.start(
            "make",
            List.of(
                "make",
                "-C",
                sources.toString(),
                "OUT=" + output.resolve("bpf"),
                "BUILD=" + directory.resolve("objects")),
            directory.resolve("make.log"));
    if (make.awaitExit(LIMIT) != 0) {
      throw new SceneException("compile changed BPF sources failed: " + make.logTail());
    }
    return output;
  }

  private static void apply(Path file, Change change) {
    try {
      String text = Files.readString(file);
      int at = text.indexOf(change.anchor());
      if (at < 0 || text.indexOf(change.anchor(), at + 1) >= 0) {
        throw new SceneException(
            "change %s failed: not exactly once in the source: %s; say where it is now"
                .formatted(change.file(), change.anchor()));
      }
      Files.writeString(file, text.replace(change.anchor(), change.replacement()));
    } catch (IOException e) {
      throw new SceneException("change " + file + " failed: " + e, e);
    }
  }
}
