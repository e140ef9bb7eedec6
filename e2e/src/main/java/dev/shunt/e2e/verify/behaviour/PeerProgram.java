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
 * The C test peers, whose sources this build carries and gcc compiles on the spot. Immutable;
 * building blocks for some seconds.
 */
public final class PeerProgram {
  private static final String SOURCES = "/dev/shunt/e2e/peers";
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(3);
  private static final Duration LIST_LIMIT = Duration.ofSeconds(10);

  private final Path executable;
  private final Path logs;

  private PeerProgram(Path executable, Path logs) {
    this.executable = executable;
    this.logs = logs;
  }

  /**
   * Builds the peers below {@code directory}, which keeps them.
   *
   * @throws SceneException when make fails; the message has its output
   */
  public static PeerProgram build(Path directory) {
    Path sources = directory.resolve("peers");
    Path output = directory.resolve("built");
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new SceneException("create " + output + " failed: " + e, e);
    }
    ResourceTree.copy(SOURCES, sources);
    SceneProcess make =
        SceneProcess.start(
            "make",
            List.of("make", "-j2", "-C", sources.toString(), "BUILD=" + output),
            output.resolve("make.log"));
    if (make.awaitExit(BUILD_LIMIT) != 0) {
      throw new SceneException("build test peers failed: " + make.logTail());
    }
    return new PeerProgram(output.resolve("shunt-peers"), output);
  }

  Path executable() {
    return executable;
  }

  /** All cases, in the order of the table. */
  List<PeerCase> cases() {
    SceneProcess list =
        SceneProcess.start(
            "shunt-peers list", List.of(executable.toString(), "list"), logs.resolve("list.log"));
    if (list.awaitExit(LIST_LIMIT) != 0) {
      throw new SceneException("list cases failed: " + list.logTail());
    }
    return list.log().lines().map(PeerCase::parse).toList();
  }

  /** The cases whose observations are compared. */
  List<PeerCase> comparedCases() {
    return cases().stream().filter(each -> each.kind() == PeerCase.Kind.COMPARE).toList();
  }
}
