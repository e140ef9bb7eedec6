package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Files that this build carries: sources of the guest's programs, its scripts. No state. */
final class GuestFiles {
  private GuestFiles() {}

  /**
   * Copies the files of a resource folder.
   *
   * @throws SceneException when the build lacks it or they cannot be written
   */
  static void extract(String folder, Path target) {
    URL found = GuestFiles.class.getResource(folder);
    if (found == null) {
      throw new SceneException("resource " + folder + " is missing from this build");
    }
    try {
      Files.createDirectories(target);
      URI uri = found.toURI();
      if (!"jar".equals(uri.getScheme())) {
        copy(Path.of(uri), target);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        copy(jar.getPath(folder), target);
      }
    } catch (IOException | URISyntaxException failed) {
      throw new SceneException("write files of " + folder + " failed: " + failed, failed);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.write(to.resolve(String.valueOf(file.getFileName())), Files.readAllBytes(file));
      }
    }
  }

  /** Copies one resource. */
  static void copy(String resource, Path target) {
    try (InputStream in = GuestFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new SceneException("resource " + resource + " is missing from this build");
      }
      Files.write(target, in.readAllBytes());
    } catch (IOException failed) {
      throw new SceneException("write " + target + " failed: " + failed, failed);
    }
  }

  /** Writes a text. */
  static void write(Path target, String text) {
    try {
      Files.writeString(target, text);
    } catch (IOException failed) {
      throw new SceneException("write " + target + " failed: " + failed, failed);
    }
  }
}
