package dev.shunt.e2e.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The scene's temporary directory: one folder per process, readable by that process's user only.
 * One thread; {@link #close} removes it all and may run in a shutdown hook.
 */
public final class SceneDirectory implements AutoCloseable {
  private final Path path;

  private SceneDirectory(Path path) {
    this.path = path;
  }

  /** Makes a fresh directory called {@code name} below the system's temporary folder. */
  public static SceneDirectory create(String name) {
    Path path = Path.of(System.getProperty("java.io.tmpdir"), name);
    try {
      // createDirectory fails on anything that exists, so nobody can have prepared this path
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // others may pass through, not list: the folders below belong to the processes' users
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
      return new SceneDirectory(path);
    } catch (IOException e) {
      throw new SceneException("create directory " + path + " failed: " + e, e);
    }
  }

  static SceneDirectory existing(Path path) {
    return new SceneDirectory(path);
  }

  public Path path() {
    return path;
  }

  /** Makes the folder of one process, owned by {@code uid} with mode 0700. */
  public Path folder(String name, int uid) {
    Path folder = path.resolve(name);
    try {
      Files.createDirectory(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      own(folder, uid);
      return folder;
    } catch (IOException e) {
      throw new SceneException("create directory " + folder + " failed: " + e, e);
    }
  }

  /** Writes a file owned by {@code uid} with mode 0600. */
  public static Path write(Path file, String text, int uid) {
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      own(file, uid);
      return file;
    } catch (IOException e) {
      throw new SceneException("write " + file + " failed: " + e, e);
    }
  }

  private static void own(Path file, int uid) throws IOException {
    Files.setAttribute(file, "unix:uid", uid);
    Files.setAttribute(file, "unix:gid", uid);
  }

  @Override
  public void close() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> found = Files.walk(path)) {
      List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new SceneException("remove directory " + path + " failed: " + e, e);
    }
  }
}
