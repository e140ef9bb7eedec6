package dev.shunt.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes a pcapng file (draft-ietf-opsawg-pcapng) of one interface whose packets begin with their
 * IP header, with times in nanoseconds. Every block reaches the stream whole: a file that ends
 * early can be read. Not thread safe; the caller closes the stream.
 */
final class PcapngWriter {
  private static final int SECTION_HEADER = 0x0A0D0D0A;
  private static final int BYTE_ORDER = 0x1A2B3C4D;
  private static final int INTERFACE = 1;
  private static final int STATISTICS = 5;
  private static final int PACKET = 6;
  private static final int LINKTYPE_RAW = 101;

  private static final short OPTION_END = 0;
  private static final short OPTION_COMMENT = 1;
  private static final short SECTION_APPLICATION = 4;
  private static final short INTERFACE_NAME = 2;
  private static final short INTERFACE_DESCRIPTION = 3;
  private static final short INTERFACE_RESOLUTION = 9;
  private static final short PACKET_DROPS = 4;
  private static final short STATISTICS_RECEIVED = 4;
  private static final short STATISTICS_DROPPED = 5;
  private static final byte NANOSECONDS = 9;

  /** Type and length, and the length again. */
  private static final int FRAME_BYTES = 12;

  private static final int ROOM = 1024;

  private final OutputStream out;

  /** Writes the head of the file. */
  PcapngWriter(OutputStream out, String description) throws IOException {
    this.out = out;
    ByteBuffer section = body(ROOM).putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0);
    section.putLong(-1); // its length is not known
    option(section, SECTION_APPLICATION, "shunt " + VersionCommand.version());
    block(SECTION_HEADER, end(section));
    ByteBuffer port = body(ROOM).putShort((short) LINKTYPE_RAW).putShort((short) 0).putInt(0);
    option(port, INTERFACE_NAME, "shunt");
    option(port, INTERFACE_DESCRIPTION, description);
    option(port, INTERFACE_RESOLUTION, ByteBuffer.wrap(new byte[] {NANOSECONDS}));
    block(INTERFACE, end(port));
    out.flush();
  }

  /**
   * What is told of a packet beside its bytes.
   *
   * @param time when it was sent
   * @param lost messages lost just before it
   * @param comment empty for none
   */
  record Note(Instant time, long lost, String comment) {}

  /**
   * Writes a packet.
   *
   * @param bytes what was captured
   * @param length of the whole packet
   */
  void packet(ByteBuffer bytes, int length, Note note) throws IOException {
    ByteBuffer block = body(ROOM + bytes.remaining()).putInt(0);
    time(block, note.time());
    block.putInt(bytes.remaining()).putInt(length);
    padded(block, bytes);
    if (!note.comment().isEmpty()) {
      option(block, OPTION_COMMENT, note.comment());
    }
    if (note.lost() > 0) {
      option(block, PACKET_DROPS, number(note.lost()));
    }
    block(PACKET, end(block));
  }

  /**
   * Writes how many messages came and how many were lost, up to now; the last such block counts.
   */
  void statistics(Instant now, long received, long dropped) throws IOException {
    ByteBuffer block = body(ROOM).putInt(0);
    time(block, now);
    option(block, STATISTICS_RECEIVED, number(received));
    option(block, STATISTICS_DROPPED, number(dropped));
    block(STATISTICS, end(block));
    out.flush();
  }

  /** Hands what is written on to the reader of the stream. */
  void flush() throws IOException {
    out.flush();
  }

  private static ByteBuffer body(int room) {
    return ByteBuffer.allocate(room).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer number(long value) {
    return body(Long.BYTES).putLong(0, value);
  }

  private static void time(ByteBuffer block, Instant time) {
    long nanos = time.getEpochSecond() * 1_000_000_000L + time.getNano();
    block.putInt((int) (nanos >>> 32)).putInt((int) nanos);
  }

  private static void option(ByteBuffer block, short code, String text) {
    option(block, code, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void option(ByteBuffer block, short code, ByteBuffer value) {
    block.putShort(code).putShort((short) value.remaining());
    padded(block, value);
  }

  /** To a multiple of 4 bytes. */
  private static void padded(ByteBuffer block, ByteBuffer value) {
    int padding = -value.remaining() & 3;
    block.put(value.duplicate()).put(new byte[padding]);
  }

  private static ByteBuffer end(ByteBuffer block) {
    return block.putShort(OPTION_END).putShort((short) 0).flip();
  }

  private void block(int type, ByteBuffer body) throws IOException {
    int length = FRAME_BYTES + body.remaining();
    byte[] whole = new byte[length];
    ByteBuffer.wrap(whole)
        .order(ByteOrder.nativeOrder())
        .putInt(type)
        .putInt(length)
        .put(body)
        .putInt(length);
    out.write(whole);
  }
}
