package dev.shunt.publish.grpc;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of a unix socket: made with mode 0660 from the first moment it can be seen, taken over
 * from a dead process, refused while a live one serves it.
 *
 * <p>The socket is bound in a private directory beside its place, gets its mode there and is then
 * moved; a lock on {@code <socket>.lock}, which the kernel drops with the process, tells the living
 * from the dead. Threads: one at a time. Lifecycle: {@link #close} removes the file and the lock.
 */
final class SocketFile implements AutoCloseable {
  /** sun_path of struct sockaddr_un holds 108 bytes with the final zero (unix(7)). */
  private static final int PATH_MAX = 107;

  private static final String MODE_SOCKET = "rw-rw----";
  private static final String MODE_LOCK = "rw-------";
  private static final String MODE_PARENT = "rwxr-x---";
  private static final String MODE_PRIVATE = "rwx------";

  private final Path path;
  private final Path privateDirectory;
  private final FileChannel lockChannel;

  private SocketFile(Path path, Path privateDirectory, FileChannel lockChannel) {
    this.path = path;
    this.privateDirectory = privateDirectory;
    this.lockChannel = lockChannel;
  }

  /**
   * Takes the place, so that no other process serves it.
   *
   * @throws IOException with the sentence for the user when it is not free or cannot be made
   */
  static SocketFile claim(Path socket) throws IOException {
    Path path = socket.toAbsolutePath().normalize();
    Path parent = path.getParent();
    if (parent == null) {
      throw refused(path, "it is a directory (EISDIR/21)");
    }
    createParent(parent);
    FileChannel lock = lock(path);
    try {
      refuseForeign(path);
      Path directory = parent.resolve(".s" + ProcessHandle.current().pid());
      checkLength(path, directory.resolve("s"));
      Files.deleteIfExists(directory.resolve("s"));
      Files.deleteIfExists(directory);
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE_PRIVATE)));
      return new SocketFile(path, directory, lock);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** Where to bind: only this process can reach it. */
  Path bindPath() {
    return privateDirectory.resolve("s");
  }

  /** Gives the bound socket its mode and moves it to its place, over a dead one if need be. */
  void publish() throws IOException {
    Files.setPosixFilePermissions(bindPath(), PosixFilePermissions.fromString(MODE_SOCKET));
    Files.move(bindPath(), path, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(privateDirectory);
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(bindPath());
      Files.deleteIfExists(privateDirectory);
      Files.deleteIfExists(path);
      Files.deleteIfExists(lockPath(path));
    } finally {
      lockChannel.close();
    }
  }

  private static void createParent(Path parent) throws IOException {
    try {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE_PARENT)));
    } catch (IOException e) {
      throw new IOException("create directory " + parent + " failed: " + cause(e), e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              lockPath(path),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE_LOCK)));
    } catch (IOException e) {
      throw new IOException("open " + lockPath(path) + " failed: " + cause(e), e);
    }
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw refused(
          path, "another node process serves it (EADDRINUSE/98); stop it or choose --socket");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  /** Refuses what is no socket, and a socket that someone without our lock answers on. */
  private static void refuseForeign(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    BasicFileAttributes file =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!file.isOther()) {
      throw refused(path, "it exists and is no socket (EEXIST/17); remove it or choose --socket");
    }
    if (answers(path)) {
      throw refused(path, "another process serves it (EADDRINUSE/98); stop it or choose --socket");
    }
  }

  private static boolean answers(Path path) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (SocketException e) {
      return false; // ECONNREFUSED: nobody listens, the file is left over.
    }
  }

  private static void checkLength(Path path, Path bindPath) throws IOException {
    int bytes =
        Math.max(
            path.toString().getBytes(StandardCharsets.UTF_8).length,
            bindPath.toString().getBytes(StandardCharsets.UTF_8).length);
    if (bytes > PATH_MAX) {
      throw refused(
          path,
          "path too long (ENAMETOOLONG/36): %d bytes (expected: at most %d)"
              .formatted(bytes, PATH_MAX));
    }
  }

  private static Path lockPath(Path path) {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  private static IOException refused(Path path, String cause) {
    return new IOException("listen on " + path + " failed: " + cause);
  }

  private static String cause(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied (EACCES/13); run as root or choose --socket";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way (EEXIST/17); choose --socket";
    }
    return String.valueOf(e.getMessage());
  }
}
