package dev.shunt.e2e.scene;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders of files that this build carries, in a jar or beside its classes. Stateless. */
public final class ResourceTree {
  private ResourceTree() {}

  /**
   * Copies a folder and what is below it.
   *
   * @param resource absolute name of the folder
   * @param target made when it does not exist
   * @throws SceneException when the build has no such folder, or writing fails
   */
  public static void copy(String resource, Path target) {
    URL found = ResourceTree.class.getResource(resource);
    if (found == null) {
      throw new SceneException("copy resource " + resource + " failed: this build has none");
    }
    try {
      URI uri = found.toURI();
      if (!"jar".equals(uri.getScheme())) {
        copyFiles(Path.of(uri), target);
        return;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        copyFiles(jar.getPath(resource), target);
      }
    } catch (IOException | URISyntaxException e) {
      throw new SceneException("copy resource " + resource + " failed: " + e, e);
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      List<Path> files = all.filter(each -> !Files.isDirectory(each)).toList();
      for (Path file : files) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.write(target, Files.readAllBytes(file));
      }
    }
  }
}
