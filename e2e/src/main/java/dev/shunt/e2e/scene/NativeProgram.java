package dev.shunt.e2e.scene;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A C program whose sources and Makefile this build carries, compiled where it runs. Stateless;
 * {@link #build} blocks for some seconds.
 */
public final class NativeProgram {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(3);

  private NativeProgram() {}

  /**
   * Compiles a program.
   *
   * @param sources resource folder with a Makefile that obeys BUILD
   * @param name of the program
   * @param directory that keeps sources and result; any user may run it
   * @return the executable
   * @throws SceneException when make fails; the message has its output
   */
  public static Path build(String sources, String name, Path directory) {
    Path copied = directory.resolve(name + "-source");
    Path output = directory.resolve(name + "-build");
    try {
      Files.createDirectories(copied);
      Files.createDirectories(output);
      Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rwxr-xr-x"));
      extract(sources, copied);
    } catch (IOException e) {
      throw new SceneException("write sources of " + name + " failed: " + e, e);
    }
    SceneProcess make =
        SceneProcess.start(
            "make",
            List.of("make", "-j2", "-C", copied.toString(), "BUILD=" + output),
            directory.resolve(name + "-make.log"));
    if (make.awaitExit(BUILD_LIMIT) != 0) {
      throw new SceneException("build " + name + " failed: " + make.logTail());
    }
    return output.resolve(name);
  }

  private static void extract(String sources, Path target) throws IOException {
    URL found = NativeProgram.class.getResource(sources);
    if (found == null) {
      throw new IOException("no resource " + sources);
    }
    try {
      URI uri = found.toURI();
      if (!"jar".equals(uri.getScheme())) {
        copy(Path.of(uri), target);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        copy(jar.getPath(sources), target);
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
}
