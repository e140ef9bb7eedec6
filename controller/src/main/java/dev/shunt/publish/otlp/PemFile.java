package dev.shunt.publish.otlp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Bytes of a file that has certificates or a key. Stateless. */
final class PemFile {
  private static final int BYTES_MAX = 1 << 20;

  private PemFile() {}

  /**
   * Reads one.
   *
   * @throws IOException it cannot be read; the message names it
   */
  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IOException("more than 1 MiB");
      }
      return bytes;
    } catch (NoSuchFileException missing) {
      throw failed(file, "no such file (ENOENT/2)", missing);
    } catch (AccessDeniedException denied) {
      throw failed(file, "permission denied (EACCES/13)", denied);
    } catch (IOException other) {
      throw failed(file, String.valueOf(other.getMessage()), other);
    }
  }

  /** That reading a file failed. */
  static IOException failed(Path file, String why, Exception cause) {
    return new IOException("read " + file + " failed: " + why, cause);
  }
}
