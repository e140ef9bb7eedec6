package dev.shunt.datapath.symbols;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for texts in a file, all in one pass, and as far as it is let at a time. The file is read,
 * not mapped: one that shrinks meanwhile has come to its end. One thread at a time.
 */
final class TextSearch {
  static final int BLOCK_BYTES = 64 << 10;

  /** Larger files are not read any further. */
  private static final long BYTES_MAX = 1L << 30;

  private static final int BYTE_VALUES = 256;

  /** What is known by now. */
  enum Answer {
    FOUND,
    ABSENT,
    /** There is more to read. */
    UNFINISHED
  }

  private final List<byte[]> texts;
  private final int longest;
  private final boolean[] isFirst = new boolean[BYTE_VALUES];
  private long position;
  private Answer answer;

  /**
   * Has read nothing yet.
   *
   * @param texts in ASCII; any of them will do
   */
  TextSearch(List<String> texts) {
    this.texts = texts.stream().map(text -> text.getBytes(StandardCharsets.US_ASCII)).toList();
    longest = this.texts.stream().mapToInt(text -> text.length).max().orElse(0);
    this.texts.forEach(text -> isFirst[text[0] & 0xff] = true);
    answer = texts.isEmpty() ? Answer.ABSENT : Answer.UNFINISHED;
  }

  Answer answer() {
    return answer;
  }

  /**
   * Reads on.
   *
   * @param file the same each time
   * @param bytes after which it stops, at the end of a block
   * @return how many were read
   * @throws IOException it cannot be read, which is no answer
   */
  long advance(Path file, long bytes) throws IOException {
    if (answer != Answer.UNFINISHED || bytes <= 0) {
      return 0;
    }
    long total = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      byte[] content = new byte[BLOCK_BYTES];
      ByteBuffer block = ByteBuffer.wrap(content);
      while (answer == Answer.UNFINISHED && total < bytes) {
        fill(block, channel);
        total += block.position();
        see(content, block.position());
      }
    }
    return total;
  }

  private void fill(ByteBuffer block, FileChannel channel) throws IOException {
    block.clear();
    boolean more = true;
    while (more && block.hasRemaining()) {
      more = channel.read(block, position + block.position()) > 0;
    }
  }

  /** The next block begins where a text may have been cut. */
  private void see(byte[] content, int length) {
    if (isIn(content, length)) {
      answer = Answer.FOUND;
    } else if (length < content.length || position >= BYTES_MAX) {
      answer = Answer.ABSENT;
    }
    position += length - (longest - 1);
  }

  private boolean isIn(byte[] bytes, int length) {
    for (int at = 0; at < length; at++) {
      if (isFirst[bytes[at] & 0xff] && isAnyAt(bytes, at, length)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyAt(byte[] bytes, int at, int length) {
    for (byte[] text : texts) {
      int end = at + text.length;
      if (end <= length && Arrays.equals(bytes, at, end, text, 0, text.length)) {
        return true;
      }
    }
    return false;
  }
}
