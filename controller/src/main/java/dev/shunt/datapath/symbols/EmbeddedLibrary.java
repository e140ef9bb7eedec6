package dev.shunt.datapath.symbols;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells whether a library was linked into a program, also when its symbols were stripped: by texts
 * that only its own code has. Immutable.
 *
 * @param texts any of them will do
 */
public record EmbeddedLibrary(List<String> texts) {
  /** Larger programs are not looked at. */
  private static final long BYTES_MAX = 1L << 30;

  /** Copies the list. */
  public EmbeddedLibrary {
    texts = List.copyOf(texts);
  }

  /** Reads the whole file: 100 MB take a fraction of a second. */
  boolean isIn(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > BYTES_MAX) {
        return false;
      }
      MappedByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, size);
      return texts.stream().anyMatch(text -> contains(bytes, text));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static boolean contains(MappedByteBuffer bytes, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    byte first = wanted[0];
    for (int at = 0; at <= bytes.limit() - wanted.length; at++) {
      if (bytes.get(at) == first && isAt(bytes, at, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(MappedByteBuffer bytes, int at, byte[] wanted) {
    for (int i = 1; i < wanted.length; i++) {
      if (bytes.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
