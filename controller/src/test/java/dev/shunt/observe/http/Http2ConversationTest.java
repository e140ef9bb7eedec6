package dev.shunt.observe.http;

import static dev.shunt.observe.http.Http2Frames.END_HEADERS;
import static dev.shunt.observe.http.Http2Frames.END_STREAM;
import static dev.shunt.observe.http.Http2Frames.PADDED;
import static dev.shunt.observe.http.Http2Frames.PRIORITY;
import static dev.shunt.observe.http.Http2Frames.block;
import static dev.shunt.observe.http.Http2Frames.data;
import static dev.shunt.observe.http.Http2Frames.frame;
import static dev.shunt.observe.http.Http2Frames.headers;
import static dev.shunt.observe.http.Http2Frames.join;
import static dev.shunt.observe.http.Http2Frames.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
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
  private final Http2Frames peers = new Http2Frames();

  private byte[] allRequests() {
    byte[] third = peers.ask(5, "/split?secret", "text/plain");
    byte[] fourth = peers.ask(7, "/pkg.Service/Call", "application/grpc+proto");
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
        frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 9, peers.ask(9, "/reset", "x")));
  }

  private byte[] allResponses() {
    byte[] promise = join(new byte[] {0, 0, 0, 2}, peers.answer(2, "200"));
    return join(
        settings(),
        frame(FrameReader.PUSH_PROMISE, END_HEADERS, 5, promise),
        frame(FrameReader.HEADERS, END_HEADERS, 7, peers.answer(7, "200")),
        frame(FrameReader.HEADERS, END_HEADERS, 5, peers.answer(5, "103")),
        data(0, 7, 100),
        frame(FrameReader.HEADERS, END_HEADERS, 5, peers.answer(5, "404")),
        data(END_STREAM, 5, 20000),
        frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 7, peers.trailers(7, "5")),
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
                    frame(
                        FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, peers.answer(1, "200"))))
            .request(
                frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, peers.ask(1, "/", "x")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST / 200");
  }

  @Test
  void headers_missing_endTheTelling() {
    byte[] first = frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 1, peers.ask(1, "/1", "x"));
    byte[] second =
        frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 3, peers.ask(3, "/2", "x"));
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(first)
            .request(second)
            .response(
                frame(FrameReader.HEADERS, END_HEADERS | END_STREAM, 3, peers.answer(3, "200")))
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
            .request(headers(END_STREAM, 1, block(peers.requests, 1, chat)))
            .request(headers(END_STREAM, 3, block(peers.requests, 3, tunnel)))
            .request(headers(END_STREAM, 5, block(peers.requests, 5, odd)))
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
            .request(headers(END_STREAM, 3, peers.ask(3, "/later", "x")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).isEmpty();
    assertThat(dialog.lost).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 12, 1 << 16, 1 << 20})
  void table_ofAnySizeThatIsUsed_isBounded(int bytes) {
    byte[] first = headers(END_STREAM, 1, peers.ask(1, "/usual", "x"));
    byte[] second = join(tableUpdate(bytes), peers.ask(3, "/large", "x"));
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings(), first))
            .response(join(tableSetting(1 << 20), headers(END_STREAM, 1, peers.answer(1, "200"))))
            .request(headers(END_STREAM, 3, second))
            .response(headers(END_STREAM, 3, peers.answer(3, "200")))
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
          .request(headers(END_STREAM, stream, peers.ask(stream, "/reset", "x")))
          .request(frame(FrameReader.RST_STREAM, 0, stream, new byte[4]))
          .response(headers(0, stream, peers.answer(stream, "200")));
    }
    dialog
        .request(headers(END_STREAM, last, peers.ask(last, "/last", "x")))
        .response(headers(END_STREAM, last, peers.answer(last, "200")))
        .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).hasSize(last / 2 + 1).endsWith("POST /reset 0", "POST /last 200");
    assertThat(dialog.lost).isZero();
  }

  @Test
  void trailers_afterTheServersReset_areNoRequest() {
    Dialog dialog =
        Dialog.server()
            .request(join(HttpStart.PREFACE, settings()))
            .request(headers(0, 1, peers.ask(1, "/reset", "x")))
            .response(frame(FrameReader.RST_STREAM, 0, 1, new byte[4]))
            .request(headers(END_STREAM, 1, peers.trailers(1, "0")))
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
