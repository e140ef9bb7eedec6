package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header traceparent: what is taken of it, and what is not. */
class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String ZERO = "0000000000000000";
  private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";
  private static final Optional<TraceContext> SAMPLED =
      Optional.of(new TraceContext(TRACE, PARENT, true));

  private static Optional<TraceContext> parse(String value) {
    return TraceContext.of(List.of(value));
  }

  /** Only the last bit of the flags has a meaning. */
  @ParameterizedTest
  @CsvSource({"00,false", "01,true", "03,true", "fe,false", "ff,true"})
  void flags_any_tellWhetherSampled(String flags, boolean sampled) {
    assertThat(parse("00-" + TRACE + "-" + PARENT + "-" + flags))
        .contains(new TraceContext(TRACE, PARENT, sampled));
  }

  @Test
  void version_laterOne_isReadAsFarAsItIsKnown() {
    assertThat(parse("01" + VALID.substring(2))).isEqualTo(SAMPLED);
    assertThat(parse("cc" + VALID.substring(2) + "-what.may come")).isEqualTo(SAMPLED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + PARENT + "-01",
        VALID + "-more",
        "01-" + TRACE + "-" + PARENT + "-01more",
        "00-" + ZERO + ZERO + "-" + PARENT + "-01",
        "00-" + TRACE + "-" + ZERO + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
        "00-" + TRACE + "-00f067aa0ba902b-01",
        "00-" + TRACE + "0-" + PARENT + "-01",
        "00-" + TRACE + "-" + PARENT + "-1",
        "00-" + TRACE + "-" + PARENT + "-0x",
        "00_" + TRACE + "_" + PARENT + "_01",
        "0-" + TRACE + "-" + PARENT + "-01",
        " " + VALID,
        VALID + "\u0000",
        "00-" + TRACE + "-" + PARENT + "-01," + VALID
      })
  void value_notValid_isNone(String value) {
    assertThat(parse(value)).isEmpty();
  }

  private static Optional<TraceContext> ofRequest(String headers) {
    Dialog dialog =
        Dialog.server()
            .request("GET /a HTTP/1.1\r\n" + headers + "\r\n")
            .response("HTTP/1.1 204 No Content\r\ntraceparent: " + VALID + "\r\n\r\n")
            .tell(7);
    assertThat(dialog.exchanges).hasSize(1);
    return dialog.exchanges.get(0).request().context();
  }

  @Test
  void request_ofHttp1_hasItsContext() {
    assertThat(ofRequest("Host: a\r\nTraceparent:  " + VALID + " \r\n")).isEqualTo(SAMPLED);
    assertThat(ofRequest("TRACEPARENT:" + VALID + "\r\n")).isEqualTo(SAMPLED);
  }

  /** That of the response is none of the request's; what only looks alike is none at all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x-traceparent: " + VALID + "\r\n",
        "X: traceparent: " + VALID + "\r\n",
        "traceparent: " + VALID + "\r\ntraceparent: " + VALID + "\r\n",
        "traceparent: \r\n"
      })
  void request_withoutOneContext_hasNone(String headers) {
    assertThat(ofRequest(headers)).isEmpty();
  }

  @Test
  void requests_onOneConnection_haveEachTheirOwn() {
    Dialog dialog =
        Dialog.client()
            .request("GET /a HTTP/1.1\r\ntraceparent: " + VALID + "\r\n\r\n")
            .request("GET /b HTTP/1.1\r\n\r\n")
            .response("HTTP/1.1 204 No Content\r\n\r\n".repeat(2))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.exchanges)
        .extracting(exchange -> exchange.request().context())
        .containsExactly(SAMPLED, Optional.empty());
    assertThat(dialog.exchanges.get(0).withPath("/{id}").request().context()).isEqualTo(SAMPLED);
  }

  private static byte[] headers(DefaultHttp2HeadersEncoder encoder, Http2Headers headers) {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, block);
    } catch (Http2Exception failed) {
      throw new AssertionError(failed);
    }
    byte[] payload = ByteBufUtil.getBytes(block);
    int endOfStreamAndHeaders = 0x5;
    return ByteBuffer.allocate(FrameReader.HEADER_BYTES + payload.length)
        .putInt(payload.length << 8 | FrameReader.HEADERS)
        .put((byte) endOfStreamAndHeaders)
        .putInt(1)
        .put(payload)
        .array();
  }

  private static Optional<TraceContext> ofStream(String... values) {
    Http2Headers asked =
        new DefaultHttp2Headers().method("GET").path("/a").scheme("http").authority("a");
    for (String value : values) {
      asked.add("traceparent", value);
    }
    Http2Headers answered = new DefaultHttp2Headers().status("200");
    Dialog dialog =
        Dialog.server()
            .request(new String(HttpStart.PREFACE, StandardCharsets.US_ASCII))
            .request(headers(new DefaultHttp2HeadersEncoder(), asked))
            .response(headers(new DefaultHttp2HeadersEncoder(), answered))
            .tell(11);
    assertThat(dialog.exchanges).hasSize(1);
    return dialog.exchanges.get(0).request().context();
  }

  @Test
  void request_ofHttp2_hasItsContext() {
    assertThat(ofStream(VALID)).isEqualTo(SAMPLED);
    assertThat(ofStream()).isEmpty();
    assertThat(ofStream(VALID, VALID)).isEmpty();
    assertThat(ofStream("ff" + VALID.substring(2))).isEmpty();
  }
}
