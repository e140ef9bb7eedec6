package dev.shunt.e2e.cluster;

import dev.shunt.e2e.scene.SceneUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is fetched or built once for clusters, below the user's cache folder. Any thread and any
 * process: a lock file makes all but one wait.
 *
 * @param folder that keeps it
 */
public record ClusterCache(Path folder) {
  /** {@code shunt/cluster} below {@code XDG_CACHE_HOME}, by default {@code ~/.cache}. */
  public static ClusterCache ofUser() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return new ClusterCache(base.resolve("shunt").resolve("cluster"));
  }

  /** Makes what is not there. */
  @FunctionalInterface
  public interface Maker {
    /**
     * Makes it.
     *
     * @param fresh an empty folder, which is kept when this returns
     */
    void make(Path fresh) throws IOException;
  }

  /**
   * The folder {@code key}, made first when it is not there. Older folders whose name begins with
   * {@code kind} are removed when a new one was made.
   *
   * @throws SceneUnavailableException when it cannot be written
   */
  public synchronized Path keep(String kind, String key, Maker maker) {
    Path kept = folder.resolve(kind + "-" + key);
    if (Files.isDirectory(kept)) {
      return kept;
    }
    try {
      Files.createDirectories(folder);
      try (FileChannel lock =
          FileChannel.open(
              folder.resolve(kind + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        lock.lock();
        if (!Files.isDirectory(kept)) {
          make(kind, kept, maker);
        }
      }
      return kept;
    } catch (IOException e) {
      throw new SceneUnavailableException("keep " + kind + " in " + folder + " failed: " + e);
    }
  }

  private void make(String kind, Path kept, Maker maker) throws IOException {
    // in its place from the start, so that a rename makes it whole or not there
    Path fresh = Files.createTempDirectory(folder, "fresh-" + kind);
    try {
      maker.make(fresh);
      List<Path> old = named(kind + "-");
      Files.move(fresh, kept);
      for (Path each : old) {
        remove(each);
      }
    } finally {
      remove(fresh);
    }
  }

  private List<Path> named(String start) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> String.valueOf(path.getFileName()).startsWith(start))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static void remove(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> found = Files.walk(path)) {
      for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
