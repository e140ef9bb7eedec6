package dev.shunt.cli.preflight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a host. What is missing or may not be read is empty. Thread safe.
 *
 * @param root {@code /} on the real host
 */
public record HostFiles(Path root) {
  /** Source, place, type and the rest (proc_pid_mounts(5)). */
  private static final Pattern MOUNT = Pattern.compile("\\S+ (\\S+) (\\S+) .*");

  /** The host this process runs on. */
  public static final HostFiles REAL = new HostFiles(Path.of("/"));

  /** The file's text without white space at its ends. */
  Optional<String> text(String path) {
    try {
      return Optional.of(Files.readString(at(path), StandardCharsets.ISO_8859_1).strip());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  boolean exists(String path) {
    return Files.exists(at(path));
  }

  boolean readable(String path) {
    return Files.isReadable(at(path));
  }

  /** Names in a directory, or those that match a glob; empty without the directory. */
  List<String> names(String directory, String glob) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(directory), glob)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return names; // Gone, or another user's: nothing more to be seen.
    }
    return names;
  }

  /** Target of a symbolic link. */
  Optional<String> link(String path) {
    try {
      return Optional.of(Files.readSymbolicLink(at(path)).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where file systems of a type are mounted, as seen by this process. */
  List<String> mounts(String type) {
    List<String> places = new ArrayList<>();
    for (String line : text("/proc/self/mounts").orElse("").lines().toList()) {
      Matcher mount = MOUNT.matcher(line);
      if (mount.matches() && mount.group(2).equals(type)) {
        places.add(mount.group(1));
      }
    }
    return places;
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }
}
