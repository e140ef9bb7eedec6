package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A JVM that answers over HTTP and makes garbage, so that it collects some times a second. One
 * thread.
 *
 * @param directory for its source
 */
record AllocatingServer(Path directory) {
  static final int PORT = 8090;
  private static final String SOURCE = "Allocating.java";

  /** What starts it: the JDK compiles it. */
  List<String> command() {
    Path program = directory.resolve(SOURCE);
    String resource = "/dev/shunt/e2e/bench/telemetry/" + SOURCE;
    try (InputStream source = AllocatingServer.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(source, resource), program);
    } catch (IOException failed) {
      throw new SceneException("write " + program + " failed: " + failed, failed);
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xms64m",
        "-Xmx64m",
        "-Dsun.net.httpserver.nodelay=true", // else each answer waits for an ACK
        program.toString(),
        Integer.toString(PORT));
  }
}
