package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where maps and links of the packet filters are pinned: {@code <base>/filters-v<layout>}. Links
 * that a version with another layout left are taken over, so that its rules stay in force till
 * their interface gets this version's program. Immutable, thread-safe.
 */
public final class FilterPins {
  /** {@code FILTER_LAYOUT_VERSION}. */
  public static final int LAYOUT_VERSION = 2;

  private static final String PREFIX = "filters-v";
  private static final String LINK = "link-";

  private final Path directory;

  /** Below a directory on a bpffs; makes it, for root only. */
  public FilterPins(Path base) {
    directory = base.resolve(PREFIX + LAYOUT_VERSION);
    try {
      Files.createDirectories(directory);
      Files.setAttribute(directory, "unix:mode", 0700);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "make pin directory " + directory + " failed: " + failed.getMessage(), failed);
    }
    directories(base).stream().filter(other -> !other.equals(directory)).forEach(this::takeOver);
  }

  /** Whether an earlier process, of any layout, left filters below a directory. */
  public static boolean isAnyBelow(Path base) {
    return Files.isDirectory(base) && !directories(base).isEmpty();
  }

  private static List<Path> directories(Path base) {
    return names(base).stream().filter(name -> name.startsWith(PREFIX)).map(base::resolve).toList();
  }

  /** A link has the same name in every layout; its program has the maps that it needs. */
  private void takeOver(Path other) {
    for (String name : names(other)) {
      Path pin = other.resolve(name);
      if (name.startsWith(LINK) && !Files.exists(directory.resolve(name))) {
        try {
          Files.move(pin, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
          throw new UncheckedIOException("take over pin " + pin + " failed", failed);
        }
      } else {
        delete(pin);
      }
    }
    delete(other);
  }

  Path map(String name) {
    return directory.resolve("map-" + name);
  }

  /** Pin of a link. */
  public Path link(String name) {
    return directory.resolve(LINK + name);
  }

  /** Names of the pinned links. */
  public List<String> links() {
    return names(directory).stream()
        .filter(name -> name.startsWith(LINK))
        .map(name -> name.substring(LINK.length()))
        .toList();
  }

  private static List<String> names(Path directory) {
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
    names(directory).forEach(name -> delete(directory.resolve(name)));
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
