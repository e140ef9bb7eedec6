package dev.shunt.e2e.verify.behaviour;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
      Files.createDirectories(sources);
      Files.createDirectories(output);
      extract(sources);
    } catch (IOException e) {
      throw new SceneException("write sources of the test peers failed: " + e, e);
    }
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

  private static void extract(Path target) throws IOException {
    URL found = PeerProgram.class.getResource(SOURCES);
    if (found == null) {
      throw new IOException("no resource " + SOURCES);
    }
    try {
      URI uri = found.toURI();
      if (!"jar".equals(uri.getScheme())) {
        copy(Path.of(uri), target);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        copy(jar.getPath(SOURCES), target);
      }
    } catch (URISyntaxException e) {
      throw new IOException("resource " + found, e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.write(to.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
      }
    }
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
