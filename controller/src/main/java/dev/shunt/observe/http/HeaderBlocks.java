package dev.shunt.observe.http;

import dev.shunt.observe.http.FrameReader.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts header blocks of one way together and decompresses them (RFC 7541). One thread. */
final class HeaderBlocks {
  static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;
  private static final int PROMISED_BYTES = 4;
  private static final int HEADERS_MAX = 1 << 20;
  private static final long TABLE_USUAL = 4096;

  /** Bytes of a block, as it comes. */
  static final int BLOCK_MAX = 1 << 16;

  /** Of the tables of what came before; an encoder that uses more cannot be followed. */
  static final long TABLE_MAX = 1 << 16;

  /**
   * A header block that is complete.
   *
   * @param stream whose
   * @param headers of it
   * @param isLast whether its stream ends with it
   * @param bytes on the connection
   */
  record Block(int stream, Http2Headers headers, boolean isLast, long bytes) {}

  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, HEADERS_MAX);
  private ByteArrayOutputStream fragments = new ByteArrayOutputStream(0);
  private long table = TABLE_USUAL;
  private Frame first = new Frame(0, 0, 0, 0);
  private long bytes;

  /**
   * Takes a frame of headers.
   *
   * @return null: more follow, or it was a promise
   * @throws Http2Exception it cannot be read, and none of those to come
   */
  @Nullable Block take(Frame frame, ByteBuffer payload) throws Http2Exception {
    if (frame.type() != FrameReader.CONTINUATION) {
      first = frame;
      bytes = 0;
      fragments = new ByteArrayOutputStream(0);
    }
    ByteBuffer fragment = fragment(frame, payload);
    if (fragments.size() + fragment.remaining() > BLOCK_MAX) {
      throw new Http2Exception(Http2Error.ENHANCE_YOUR_CALM, "header block too long");
    }
    byte[] copy = new byte[fragment.remaining()];
    fragment.get(copy);
    fragments.writeBytes(copy);
    bytes += FrameReader.HEADER_BYTES + frame.length();
    if (!frame.has(END_HEADERS)) {
      return null;
    }
    ByteBuf block = Unpooled.wrappedBuffer(fragments.toByteArray());
    fragments = new ByteArrayOutputStream(0);
    Http2Headers headers = decoder.decodeHeaders(first.stream(), block);
    return first.type() == FrameReader.PUSH_PROMISE
        ? null
        : new Block(first.stream(), headers, first.has(END_STREAM), bytes);
  }

  private static ByteBuffer fragment(Frame frame, ByteBuffer payload) throws Http2Exception {
    ByteBuffer fragment = payload.duplicate();
    if (frame.type() == FrameReader.CONTINUATION) {
      return fragment;
    }
    int padding = frame.has(PADDED) && fragment.hasRemaining() ? fragment.get() & 0xff : 0;
    int before = 0;
    if (frame.type() == FrameReader.PUSH_PROMISE) {
      before = PROMISED_BYTES;
    } else if (frame.has(PRIORITY)) {
      before = PRIORITY_BYTES;
    }
    if (fragment.remaining() < before + padding) {
      throw new Http2Exception(Http2Error.PROTOCOL_ERROR, "padding beyond the frame");
    }
    fragment.position(fragment.position() + before);
    fragment.limit(fragment.limit() - padding);
    return fragment;
  }

  /**
   * The other end allows tables of this size. When the sender follows is not seen here; it says so
   * in its blocks, so that a table that is too large does no harm. Whether it uses more than {@link
   * #TABLE_MAX} its blocks say too.
   */
  void allowTable(long size) throws Http2Exception {
    long allowed = Math.min(size, TABLE_MAX);
    if (allowed > table) {
      table = allowed;
      decoder.maxHeaderTableSize(table);
    }
  }

  /** At most what it keeps. */
  long keptBytes() {
    return table + fragments.size();
  }
}
