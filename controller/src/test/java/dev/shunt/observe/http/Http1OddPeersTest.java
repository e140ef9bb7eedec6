package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of HTTP/1 that do what none should: the reader goes on, and tells nothing wrong. */
class Http1OddPeersTest {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final int RUNS = 5000;
  private static final int SEGMENTS = 40;
  private static final String[] PARTS = {
    "GET /a HTTP/1.1\r\n\r\n",
    "HEAD /h HTTP/1.1\r\n\r\n",
    "CONNECT a:1 HTTP/1.1\r\n\r\n",
    "POST /b HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
    "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST /d HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 xyz\r\n\r\n",
    "5\r\nhello\r\n",
    "0\r\n\r\n",
    "7fffffffffffffff\r\n",
    "\r\n",
    "123456789",
  };

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void peer_answeringTwiceBeforeItIsAsked_doesNotStopTheReader() {
    Dialog dialog =
        Dialog.client().request(get("/1")).response(ok("1")).response(ok("2") + ok("3"));
    assertTimeoutPreemptively(
        BOUND, () -> dialog.request(get("/2")).request(get("/3")).tell(Integer.MAX_VALUE));

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /2 200", "GET /3 200");
  }

  /** As the kernel leaves them out where there is no room in the second. */
  @Test
  void requests_behindSomeThatWereNotTold_areTold() {
    Dialog dialog = Dialog.server().request(get("/1")).response(ok("1"));
    dialog.untold(get("/2"), ok("2")).untold(get("/3"), ok("3"));
    dialog.request(get("/4")).response(ok("4")).untold(get("/5"), ok("5"));
    dialog.request(get("/6")).response(ok("6")).tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /4 200", "GET /6 200");
    assertThat(dialog.lost).isZero();
  }

  /** An H begins HEAD, and responses too. */
  @Test
  void connection_whoseFirstByteComesAlone_isThatOfAClient() {
    Dialog dialog = Dialog.server().request("H").request("EAD /1 HTTP/1.1\r\n\r\n");
    dialog.response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    dialog.request(get("/2")).response(ok("2")).tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("HEAD /1 200", "GET /2 200");
  }

  /** What is left of the first segment stays before the second. */
  @Test
  void answers_heldInSeveralSegments_keepTheirOrder() {
    String created = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
    String gone = "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
    Dialog dialog =
        Dialog.client()
            .request(get("/1"))
            .response(ok("1"))
            .response(ok("2") + created)
            .response(gone);
    assertTimeoutPreemptively(
        BOUND,
        () ->
            dialog
                .request(get("/2"))
                .request(get("/3"))
                .request(get("/4"))
                .tell(Integer.MAX_VALUE));

    assertThat(dialog.lines())
        .containsExactly("GET /1 200", "GET /2 200", "GET /3 201", "GET /4 410");
  }

  @Test
  void tunnel_acceptedBeforeItsRequestWasSeen_isOneRequest() {
    Dialog dialog =
        Dialog.client()
            .request(get("/1"))
            .response(ok("1"))
            .response("HTTP/1.1 200 OK\r\n\r\n")
            .request("CONNECT db:5432 HTTP/1.1\r\n\r\n")
            .request(get("/inside/the/tunnel"));
    assertTimeoutPreemptively(BOUND, () -> dialog.tell(Integer.MAX_VALUE));

    assertThat(dialog.lines()).containsExactly("GET /1 200", "CONNECT db:5432 200");
  }

  /** A line of a chunk is lost with what nobody copied; what follows looks like requests. */
  @Test
  void body_withRequestsInIt_isNoRequest() {
    Dialog dialog =
        Dialog.server()
            .request("POST /upload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            .request("1c\r\n" + get("/1"), 5000)
            .request(get("/customers/secret"))
            .response("HTTP/1.1 100 Continue\r\n\r\n")
            .request(get("/customers/hidden"))
            .request("0\r\n\r\n")
            .response(ok("1"))
            .request(get("/next"))
            .response(ok("2"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST /upload 200", "GET /next 200");
  }

  @Test
  void head_notCopied_makesNoRequestOfItsBody() {
    Dialog dialog =
        Dialog.server()
            .request(get("/1"))
            .response(ok("1"))
            .request("", 5000)
            .response("HTTP/1.1 100 Continue\r\n\r\n")
            .request(get("/customers/secret"))
            .response(ok("2"))
            .request(get("/next"))
            .response(ok("3"))
            .request(get("/last"))
            .response(ok("4"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /last 200");
    assertThat(dialog.lost).isEqualTo(2);
  }

  @Test
  void responses_notCopied_areCountedAndNotToldAsNone() {
    Dialog dialog =
        Dialog.server()
            .request(get("/1") + get("/2") + get("/3") + get("/4"))
            .response(ok("1") + ok("2") + ok("3").substring(0, ok("3").length() - 1), 60)
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /2 200", "GET /3 200");
    assertThat(dialog.lost).isPositive();
  }

  /** The first of three responses is missing: the next one may be of any of them. */
  @Test
  void response_missingAmongThree_givesNobodyAnothersStatus() {
    Dialog dialog =
        Dialog.server()
            .request(get("/1"))
            .request(get("/2"))
            .request(get("/3"))
            .response(ok("1"))
            .response("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            .response(ok("3"))
            .request(get("/4"))
            .response(ok("4"))
            .tellWithout(3);

    assertThat(dialog.lines()).doesNotContain("GET /1 404", "GET /3 404");
    assertThat(dialog.lost).isEqualTo(3);
  }

  /** What looks like a response may be of the body whose head is missing. */
  @Test
  void responseHead_notCopied_makesNoStatusOfItsBody() {
    Dialog dialog =
        Dialog.server()
            .request(get("/0"))
            .response(ok("0"))
            .request(get("/1"))
            .response("", 5000)
            .response("HTTP/1.1 500 in a body\r\n\r\n")
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /0 200");
    assertThat(dialog.lost).isEqualTo(1);
  }

  /** Whoever asks again before the answer may do so at any time: no number of answers is known. */
  @Test
  void head_notCopiedBehindAnother_endsTheTelling() {
    Dialog dialog =
        Dialog.server()
            .request(get("/1"), 5000)
            .response(ok("1"))
            .request(get("/customers/secret"))
            .response(ok("2"))
            .request(get("/next"))
            .response(ok("3"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200");
    assertThat(dialog.lost).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT a:1 HTTP/1.1\r\n\r\n", "GET /ws HTTP/1.1\r\nUpgrade: x\r\n\r\n"})
  void tunnel_usedBeforeItIsOpen_isOneRequest(String request) {
    Dialog dialog =
        Dialog.client()
            .request(request)
            .request(get("/inside/the/tunnel"))
            .response(
                request.startsWith("C")
                    ? "HTTP/1.1 200 OK\r\n\r\n"
                    : "HTTP/1.1 101 Switching\r\n\r\n")
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.exchanges).hasSize(1);
  }

  /** Seeds are fixed, so that what fails once fails again. */
  @Test
  void segments_atRandom_neitherStopNorBreakTheReader() {
    assertTimeoutPreemptively(
        BOUND,
        () -> {
          for (int seed = 0; seed < RUNS; seed++) {
            feed(new Random(seed));
          }
        });
  }

  private static void feed(Random random) {
    HttpConversation conversation = Dialog.silent();
    long[] position = new long[2];
    for (int i = 0; i < SEGMENTS; i++) {
      byte[] bytes = bytes(random);
      Way way = Way.of(random.nextInt(2));
      long unseen = random.nextInt(4) == 0 ? random.nextInt(30) : 0;
      position[way.number()] += random.nextInt(10) == 0 ? random.nextInt(20) : 0;
      int length = random.nextInt(6) == 0 ? random.nextInt(bytes.length) : bytes.length;
      ByteBuffer copy = ByteBuffer.wrap(bytes, 0, length);
      conversation.take(
          new Segment(way, position[way.number()], length + unseen, copy, i * 1000L, false));
      position[way.number()] += length + unseen;
      if (random.nextInt(100) == 0) {
        conversation.end(way);
      }
    }
    conversation.end(Way.RECEIVED);
    conversation.end(Way.SENT);
  }

  private static byte[] bytes(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    if (random.nextInt(5) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
