package dev.shunt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Writes a gzipped ustar archive (POSIX.1-1988). Stateless. */
final class TarArchive {
  private static final int BLOCK = 512;
  private static final int NAME_MAX = 100;

  private TarArchive() {}

  /**
   * Writes a new file with mode 0600; nothing is left when it fails.
   *
   * @param folder name of the one folder that holds all entries
   * @param entries bytes by name below the folder
   * @throws java.nio.file.FileAlreadyExistsException when the file is there already
   */
  static void write(Path file, String folder, Map<String, byte[]> entries) throws IOException {
    var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = new GZIPOutputStream(Channels.newOutputStream(channel))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        append(out, folder + "/" + entry.getKey(), entry.getValue());
      }
      out.write(new byte[2 * BLOCK]);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void append(OutputStream out, String name, byte[] content) throws IOException {
    byte[] header = new byte[BLOCK];
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(nameBytes, 0, header, 0, Math.min(nameBytes.length, NAME_MAX));
    put(header, 100, "0000600\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(content.length));
    put(header, 136, "%011o\0".formatted(System.currentTimeMillis() / 1000));
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = '0';
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    out.write(header);
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
