package dev.shunt.observe.http;

import static dev.shunt.observe.http.Http2Frames.END_STREAM;
import static dev.shunt.observe.http.Http2Frames.data;
import static dev.shunt.observe.http.Http2Frames.headers;
import static dev.shunt.observe.http.Http2Frames.join;
import static dev.shunt.observe.http.Http2Frames.reset;
import static dev.shunt.observe.http.Http2Frames.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Streams of HTTP/2 that one end gives up. */
class Http2ResetTest {
  private final Http2Frames peers = new Http2Frames();

  private static Optional<HttpExchange.Reset> by(HttpExchange.Side side, int code) {
    return Optional.of(new HttpExchange.Reset(side, code));
  }

  /** The head said 200, and the rest never came. */
  @Test
  void stream_resetAfterItsHead_saysByWhomAndWhy() {
    Dialog dialog = Dialog.server().request(join(HttpStart.PREFACE, settings()));
    for (int stream = 1; stream <= 7; stream += 2) {
      dialog
          .request(headers(END_STREAM, stream, peers.ask(stream, "/" + stream, "application/grpc")))
          .response(headers(0, stream, peers.answer(stream, "200")))
          .response(data(0, stream, 100));
    }
    dialog
        .response(reset(1, 2))
        .request(reset(3, 8))
        .response(reset(5, 0))
        .response(headers(END_STREAM, 7, peers.trailers(7, "0")))
        .response(reset(7, 0))
        .request(reset(7, 8))
        .request(headers(0, 9, peers.ask(9, "/9", "x")))
        .response(reset(9, 7))
        .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines())
        .containsExactly("POST /1 200", "POST /3 200", "POST /5 200", "POST /7 200", "POST /9 0");
    assertThat(dialog.exchanges.stream().map(row -> row.answer().reset()))
        .containsExactly(
            by(HttpExchange.Side.SERVER, 2),
            by(HttpExchange.Side.CLIENT, 8),
            by(HttpExchange.Side.SERVER, 0),
            Optional.empty(),
            by(HttpExchange.Side.SERVER, 7));
    assertThat(dialog.exchanges.stream().map(row -> row.answer().grpcStatus().isPresent()))
        .containsExactly(false, false, false, true, false);
    assertThat(dialog.exchanges.get(4).answer().reset().orElseThrow().codeName())
        .isEqualTo("REFUSED_STREAM");
  }

  /** Complete before the request is seen, as where two threads write and read; then reset. */
  @Test
  void stream_resetAfterACompleteResponse_isNoFailure() {
    Dialog dialog =
        Dialog.client()
            .request(join(HttpStart.PREFACE, settings()))
            .response(settings())
            .response(headers(END_STREAM, 1, peers.answer(1, "413")))
            .response(reset(1, 0))
            .request(headers(0, 1, peers.ask(1, "/upload", "x")))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST /upload 413");
    assertThat(dialog.exchanges.get(0).answer().reset()).isEmpty();
  }
}
