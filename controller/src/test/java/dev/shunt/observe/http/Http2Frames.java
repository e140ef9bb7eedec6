package dev.shunt.observe.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames of the two peers of one connection; their headers depend on those before. */
final class Http2Frames {
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;
  static final int PRIORITY = 0x20;

  final DefaultHttp2HeadersEncoder requests = new DefaultHttp2HeadersEncoder();
  final DefaultHttp2HeadersEncoder responses = new DefaultHttp2HeadersEncoder();

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(FrameReader.HEADER_BYTES + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] block(DefaultHttp2HeadersEncoder encoder, int stream, Http2Headers headers) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
    } catch (Http2Exception failed) {
      throw new AssertionError(failed);
    }
    return ByteBufUtil.getBytes(block);
  }

  byte[] ask(int stream, String path, String type) {
    Http2Headers headers =
        new DefaultHttp2Headers().method("POST").path(path).scheme("http").authority("a");
    headers.add("content-type", type).add("authorization", "Bearer secret");
    return block(requests, stream, headers);
  }

  byte[] answer(int stream, String status) {
    return block(responses, stream, new DefaultHttp2Headers().status(status).add("server", "x"));
  }

  byte[] trailers(int stream, String grpc) {
    return block(responses, stream, new DefaultHttp2Headers().add("grpc-status", grpc));
  }

  static byte[] settings() {
    return frame(FrameReader.SETTINGS, 0, 0, new byte[] {0, 1, 0, 1, 0, 0});
  }

  static byte[] data(int flags, int stream, int length) {
    return frame(FrameReader.DATA, flags, stream, new byte[length]);
  }

  static byte[] headers(int flags, int stream, byte[] block) {
    return frame(FrameReader.HEADERS, END_HEADERS | flags, stream, block);
  }

  static byte[] reset(int stream, int code) {
    return frame(FrameReader.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }
}
