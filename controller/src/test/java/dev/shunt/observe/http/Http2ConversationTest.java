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

  private static byte[] headers(int flags, int stream, byte[] block) {
    return frame(FrameReader.HEADERS, END_HEADERS | flags, stream, block);
  }

  private static byte[] tableSetting(int bytes) {
    byte[] setting = ByteBuffer.allocate(6).putShort((short) 1).putInt(bytes).array();
    return frame(FrameReader.SETTINGS, 0, 0, setting);
  }

  /** RFC 7541, 6.3 and 5.1. */
  private static byte[] tableUpdate(int bytes) {
    ByteArrayOutputStream update = new ByteArrayOutputStream();
    update.write(0x3f);
    int rest = bytes - 31;
    for (; rest >= 128; rest /= 128) {
      update.write(rest % 128 + 128);
    }
    update.write(rest);
    return update.toByteArray();
  }

  @Test
  void connect_ofEitherKind_hasNoSecrets() {
    Http2Headers chat =
        new DefaultHttp2Headers().method("CONNECT").path("/chat?token=secret").authority("a");
    Http2Headers tunnel = new DefaultHttp2Headers().method("CONNECT").authority("u:secret@db:1");
    Http2Headers odd = new DefaultHttp2Headers().method("GET").path("http://a?next=b/secret");
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(headers(END_STREAM, 1, block(requests, 1, chat)))
            .request(headers(END_STREAM, 3, block(requests, 3, tunnel)))
            .request(headers(END_STREAM, 5, block(requests, 5, odd)))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("CONNECT /chat 0", "CONNECT db:1 0", "GET / 0");
  }

  @Test
  void headers_thatNeverEnd_areGivenUpAndCounted() {
    byte[] part = frame(FrameReader.CONTINUATION, 0, 1, new byte[16_384]);
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(frame(FrameReader.HEADERS, 0, 1, new byte[100]))
            .request(join(part, part, part, part))
            .request(headers(END_STREAM, 3, ask(3, "/later", "x")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).isEmpty();
    assertThat(dialog.lost).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 12, 1 << 16, 1 << 20})
  void table_ofAnySizeThatIsUsed_isBounded(int bytes) {
    byte[] first = headers(END_STREAM, 1, ask(1, "/usual", "x"));
    byte[] second = join(tableUpdate(bytes), ask(3, "/large", "x"));
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings(), first))
            .response(join(tableSetting(1 << 20), headers(END_STREAM, 1, answer(1, "200"))))
            .request(headers(END_STREAM, 3, second))
            .response(headers(END_STREAM, 3, answer(3, "200")))
            .tell(Integer.MAX_VALUE);

    boolean followed = bytes <= HeaderBlocks.TABLE_MAX;
    assertThat(dialog.lines()).contains("POST /usual 200");
    assertThat(dialog.lines().contains("POST /large 200")).isEqualTo(followed);
    assertThat(dialog.lost).isEqualTo(followed ? 0 : 1);
  }

  /** The server's answers were under way when the client gave up. */
  @Test
  void streams_resetByTheClient_leaveNothingBehind() {
    Dialog dialog = Dialog.server().request(join(HttpStart.PREFACE, settings()));
    int last = 10_001;
    for (int stream = 1; stream < last; stream += 2) {
      dialog
          .request(headers(END_STREAM, stream, ask(stream, "/reset", "x")))
          .request(frame(FrameReader.RST_STREAM, 0, stream, new byte[4]))
          .response(headers(0, stream, answer(stream, "200")));
    }
    dialog
        .request(headers(END_STREAM, last, ask(last, "/last", "x")))
        .response(headers(END_STREAM, last, answer(last, "200")))
        .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).hasSize(last / 2 + 1).endsWith("POST /reset 0", "POST /last 200");
    assertThat(dialog.lost).isZero();
  }

  @Test
  void trailers_afterTheServersReset_areNoRequest() {
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(headers(0, 1, ask(1, "/reset", "x")))
            .response(frame(FrameReader.RST_STREAM, 0, 1, new byte[4]))
            .request(headers(END_STREAM, 1, trailers(1, "0")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST /reset 0");
  }

  @Test
  void payload_thatHasNotCome_takesNoMemory() {
    HttpConversation conversation = Dialog.silent();
    byte[] header = Arrays.copyOf(headers(0, 1, new byte[60_000]), FrameReader.HEADER_BYTES);
    byte[] bytes = join(HttpStart.PREFACE, header);
    conversation.take(new Segment(Way.RECEIVED, 0, bytes.length, ByteBuffer.wrap(bytes), 0, false));
    long empty = conversation.keptBytes();
    ByteBuffer more = ByteBuffer.allocate(5000);
    conversation.take(new Segment(Way.RECEIVED, bytes.length, 5000, more, 0, false));

    assertThat(empty).isLessThan(10_000);
    assertThat(conversation.keptBytes()).isEqualTo(empty + 5000);
  }
}
