package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of HTTP/2, in pieces of every size; headers as an encoder with a table makes them. */
class Http2ConversationTest {
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 0x20;

  private final DefaultHttp2HeadersEncoder requests = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersEncoder responses = new DefaultHttp2HeadersEncoder();

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(FrameReader.HEADER_BYTES + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] block(
      DefaultHttp2HeadersEncoder encoder, int stream, Http2Headers headers) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
    } catch (Http2Exception failed) {
      throw new AssertionError(failed);
    }
    return ByteBufUtil.getBytes(block);
  }

  private byte[] ask(int stream, String path, String type) {
    Http2Headers headers =
        new DefaultHttp2Headers().method("POST").path(path).scheme("http").authority("a");
    headers.add("content-type", type).add("authorization", "Bearer secret");
    return block(requests, stream, headers);
  }

  private byte[] answer(int stream, String status) {
    return block(responses, stream, new DefaultHttp2Headers().status(status).add("server", "x"));
  }

  private byte[] trailers(int stream, String grpc) {
    return block(responses, stream, new DefaultHttp2Headers().add("grpc-status", grpc));
  }

  private static byte[] settings() {
    return frame(FrameReader.SETTINGS, 0, 0, new byte[] {0, 1, 0, 1, 0, 0});
  }

  private static byte[] data(int flags, int stream, int length) {
    return frame(FrameReader.DATA, flags, stream, new byte[length]);
  }

  private byte[] allRequests() {
    byte[] third = ask(5, "/split?secret", "text/plain");
    byte[] fourth = ask(7, "/pkg.Service/Call", "application/grpc+proto");
    byte[] padded = join(new byte[] {3, 0, 0, 0, 0, 16}, fourth, new byte[3]);
    return join(
        HttpStart.PREFACE,
        settings(),
        frame(FrameReader.HEADERS, 0, 5, Arrays.copyOf(third, 4)),
        frame(FrameReader.CONTINUATION, END_HEADERS, 5, Arrays.copyOfRange(third, 4, third.length)),
        data(0, 5, 3000),
        data(END_STREAM, 5, 10),
        frame(FrameReader.HEADERS, END_HEADERS | PADDED | PRIORITY, 7, padded),
        data(END_STREAM, 7, 30),
        frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 9, ask(9, "/reset", "x")));
  }

  private byte[] allResponses() {
    byte[] promise = join(new byte[] {0, 0, 0, 2}, answer(2, "200"));
    return join(
        settings(),
        frame(FrameReader.PUSH_PROMISE, END_HEADERS, 5, promise),
        frame(FrameReader.HEADERS, END_HEADERS, 7, answer(7, "200")),
        frame(FrameReader.HEADERS, END_HEADERS, 5, answer(5, "103")),
        data(0, 7, 100),
        frame(FrameReader.HEADERS, END_HEADERS, 5, answer(5, "404")),
        data(END_STREAM, 5, 20000),
        frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 7, trailers(7, "5")),
        frame(FrameReader.RST_STREAM, 0, 9, new byte[4]));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9, 100, 5000, Integer.MAX_VALUE})
  void streams_inPiecesOfAnySize_areToldOnceEach(int pieceMax) {
    Dialog dialog = Dialog.server().request(allRequests()).response(allResponses()).tell(pieceMax);

    assertThat(dialog.lines())
        .containsExactly("POST /split 404", "POST /pkg.Service/Call 200", "POST /reset 0");
    assertThat(dialog.exchanges.get(0).protocol()).isEqualTo(HttpExchange.Protocol.HTTP_2);
    assertThat(dialog.exchanges.get(1).protocol()).isEqualTo(HttpExchange.Protocol.GRPC);
    assertThat(dialog.exchanges.get(1).answer().grpcStatus()).isEqualTo(OptionalInt.of(5));
    assertThat(dialog.lost).isZero();
  }

  @Test
  void response_beforeItsRequest_waitsForIt() {
    Dialog dialog =
        Dialog.client()
            .request(join(HttpStart.PREFACE, settings()))
            .response(
                join(
                    settings(),
                    frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, answer(1, "200"))))
            .request(frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, ask(1, "/", "x")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST / 200");
  }

  @Test
  void headers_missing_endTheTelling() {
    byte[] first = frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, ask(1, "/1", "x"));
    byte[] second = frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 3, ask(3, "/2", "x"));
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(first)
            .request(second)
            .response(frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 3, answer(3, "200")))
            .tellWithout(1);

    assertThat(dialog.lines()).isEmpty();
  }

  @Test
  void bytes_thatAreNoFrames_areGivenUpAndCounted() {
    byte[] nonsense = frame(FrameReader.HEADERS, END_HEADERS, 1, new byte[] {-1, -1, -1, -1, -1});
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings(), nonsense))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).isEmpty();
    assertThat(dialog.lost).isEqualTo(1);
  }
}
