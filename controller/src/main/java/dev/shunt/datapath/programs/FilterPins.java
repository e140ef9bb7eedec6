package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where maps and links of the packet filters are pinned: {@code <base>/filters-v<layout>}.
 * Immutable, thread-safe.
 */
public final class FilterPins {
  /** {@code FILTER_LAYOUT_VERSION}. */
  public static final int LAYOUT_VERSION = 1;

  private final Path directory;

  /** Below a directory on a bpffs; makes it, for root only. */
  public FilterPins(Path base) {
    directory = base.resolve("filters-v" + LAYOUT_VERSION);
    try {
      Files.createDirectories(directory);
      Files.setAttribute(directory, "unix:mode", 0700);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "make pin directory " + directory + " failed: " + failed.getMessage(), failed);
    }
  }

  Path map(String name) {
    return directory.resolve("map-" + name);
  }

  /** Pin of a link. */
  public Path link(String name) {
    return directory.resolve("link-" + name);
  }

  /** Names of the pinned links. */
  public List<String> links() {
    return names().stream()
        .filter(name -> name.startsWith("link-"))
        .map(name -> name.substring("link-".length()))
        .toList();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException("list pins in " + directory + " failed", failed);
    }
  }

  /** Removes a link's pin if it is there. */
  public void unpinLink(String name) {
    delete(link(name));
  }

  /** Removes all pins and the directory. */
  public void removeAll() {
    names().forEach(name -> delete(directory.resolve(name)));
    delete(directory);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failed) {
      throw new UncheckedIOException("remove pin " + path + " failed", failed);
    }
  }
}
