package dev.shunt.datapath.programs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where maps and links are pinned: {@code <base>/v<layout>/maps} and {@code .../links}. The layout
 * version is part of the path, so a node never opens maps of another layout. Thread-safe.
 */
public final class PinDirectory {
  /** {@code LAYOUT_VERSION} of layout.h. */
  public static final int LAYOUT_VERSION = 2;

  private final Path base;

  /** A directory on a bpffs; need not exist yet. */
  public PinDirectory(Path base) {
    this.base = base;
  }

  /** The directory as given. */
  public Path base() {
    return base;
  }

  private Path version() {
    return base.resolve("v" + LAYOUT_VERSION);
  }

  /** Pin of a map. */
  public Path map(String name) {
    return version().resolve("maps").resolve(name);
  }

  /** Pin of a link. */
  public Path link(String name) {
    return version().resolve("links").resolve(name);
  }

  /** True when a process has pinned maps here before. */
  public boolean hasMaps() {
    return Files.exists(map(MapNames.MEMBERS));
  }

  /** Makes the directories, for root only. */
  void create() {
    try {
      for (Path directory :
          List.of(base, version(), version().resolve("maps"), version().resolve("links"))) {
        if (!Files.isDirectory(directory)) {
          Files.createDirectories(directory);
          Files.setAttribute(directory, "unix:mode", 0700);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "make pin directory " + base + " failed: " + failed.getMessage(), failed);
    }
  }

  /** Names of the pinned links. */
  List<String> linkNames() {
    Path links = version().resolve("links");
    if (!Files.isDirectory(links)) {
      return List.of();
    }
    try (var files = Files.list(links)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException("list pins in " + links + " failed", failed);
    }
  }

  /** Removes a link's pin if it is there. */
  void unpinLink(String name) {
    delete(link(name));
  }

  /** Removes all pins of this layout version and the directories that are empty then. */
  void removeAll() {
    for (String name : linkNames()) {
      unpinLink(name);
    }
    for (String name : MapNames.ALL) {
      delete(map(name));
    }
    delete(version().resolve("links"));
    delete(version().resolve("maps"));
    delete(version());
    delete(base);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (java.nio.file.DirectoryNotEmptyException inUse) {
      return; // another layout version, or the user's own directory
    } catch (IOException failed) {
      throw new UncheckedIOException("remove pin " + path + " failed", failed);
    }
  }
}
