package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The BPF programs of this source tree with guards taken out: a copy of the sources is changed at
 * exact places and compiled. One thread; what is made lives in the given directory.
 */
final class BrokenBuild {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /**
   * A place in a source and what it becomes.
   *
   * @param file below {@code bpf/}
   * @param anchor text that occurs exactly once
   */
  record Change(String file, String anchor, String replacement) {}

  private BrokenBuild() {}

  /**
   * Compiles the changed sources.
   *
   * @return a folder for the node's class path
   * @throws SceneException when an anchor is gone, or the compiler refuses
   */
  static Path make(Path directory, List<Change> changes) {
    Path sources = directory.resolve("bpf-sources");
    Path output = directory.resolve("broken");
    try {
      copy(Path.of(System.getProperty("basedir", "."), "..", "bpf").normalize(), sources);
      for (Change change : changes) {
        apply(sources.resolve(change.file()), change);
      }
    } catch (IOException e) {
      throw new SceneException("copy BPF sources failed: " + e, e);
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

  private static void apply(Path file, Change change) throws IOException {
    String text = Files.readString(file);
    int at = text.indexOf(change.anchor());
    if (at < 0 || text.indexOf(change.anchor(), at + 1) >= 0) {
      throw new SceneException(
          "take a guard out of %s failed: not exactly once in the source: %s; say where it is now"
              .formatted(change.file(), change.anchor()));
    }
    Files.writeString(file, text.replace(change.anchor(), change.replacement()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(each -> isSource(from.relativize(each))).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static boolean isSource(Path file) {
    String name = file.toString();
    return !name.startsWith("target") && (name.matches(".*\\.[ch]") || name.equals("Makefile"));
  }
}
