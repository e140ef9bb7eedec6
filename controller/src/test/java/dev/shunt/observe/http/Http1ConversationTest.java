package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of HTTP/1, in pieces of every size. */
class Http1ConversationTest {
  private static final String HOST = "Host: a\r\n";

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** Every kind of message after each other on one connection. */
  private static Dialog everything(Dialog dialog) {
    return dialog
        .request(get("/length"))
        .response(ok("HTTP/1.1 500 no status line"))
        .request("POST /chunked HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n")
        .request("4\r\nGET \r\n1;name=value\r\nx\r\n0\r\nTrailer: x\r\n\r\n")
        .response("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
        .response("0a\r\n0123456789\r\n5\r\nHTTP/\r\n0\r\n\r\n")
        .request("HEAD /head HTTP/1.1\r\n\r\n")
        .response("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        .request(get("/unchanged"))
        .response("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n")
        .request("DELETE /gone HTTP/1.1\r\n\r\n")
        .response("HTTP/1.1 204 No Content\r\n\r\n")
        .request("PUT /expect HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        .response("HTTP/1.1 100 Continue\r\n\r\n")
        .request("abc")
        .response("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok(""))
        .request("\r\n" + get("/one") + get("/two?token=secret") + get("/three"))
        .response(ok("1") + ok("22"))
        .response(ok("333"))
        .request("PROPFIND http://user:secret@host/dav;id=secret HTTP/1.1\r\n\r\n")
        .response("HTTP/1.1 207 Multi-Status\r\ncontent-length:0\r\n\r\n")
        .request("GET /last HTTP/1.0\r\n\r\n")
        .response("HTTP/1.0 200 OK\r\n\r\nuntil the end");
  }

  private static final String[] LINES = {
    "GET /length 200",
    "POST /chunked 201",
    "HEAD /head 200",
    "GET /unchanged 304",
    "DELETE /gone 204",
    "PUT /expect 200",
    "GET /one 200",
    "GET /two 200",
    "GET /three 200",
    "other /dav 207",
    "GET /last 200"
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 19, 64, 1000, Integer.MAX_VALUE})
  void messages_inPiecesOfAnySize_areToldOnceEach(int pieceMax) {
    Dialog server = everything(Dialog.server()).tell(pieceMax);
    Dialog client = everything(Dialog.client()).tell(pieceMax);

    assertThat(server.lines()).containsExactly(LINES);
    assertThat(client.lines()).containsExactly(LINES);
    assertThat(server.lost + client.lost).isZero();
    assertThat(server.exchanges).allMatch(row -> row.side() == HttpExchange.Side.SERVER);
    assertThat(client.exchanges).allMatch(row -> row.side() == HttpExchange.Side.CLIENT);
  }

  @Test
  void exchange_told_hasTimesAndBytes() {
    Dialog dialog = Dialog.server().request(get("/")).response(ok("0123456789")).tell(10);
    HttpExchange row = dialog.exchanges.get(0);

    assertThat(row.size())
        .isEqualTo(new HttpExchange.Size(get("/").length(), ok("0123456789").length()));
    long pieces = (get("/").length() + 9L) / 10;
    long answers = (ok("0123456789").length() + 9L) / 10;
    assertThat(row.timing())
        .isEqualTo(new HttpExchange.Timing(1000, (pieces + 1) * 1000, (pieces + answers) * 1000));
    assertThat(row.redirected()).isTrue();
    assertThat(row.protocol()).isEqualTo(HttpExchange.Protocol.HTTP_1_1);
  }

  @Test
  void requests_sentAtOnceOnANewConnection_areAllTold() {
    Dialog dialog =
        Dialog.server()
            .request(get("/1") + get("/2") + get("/3"))
            .response(ok("1"))
            .response(ok("2") + ok("3"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /2 200", "GET /3 200");
  }

  @Test
  void body_notCopied_isPassedByCount() {
    Dialog dialog =
        Dialog.server()
            .request(get("/big"))
            .response("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", 5000)
            .request(get("/next"))
            .response(ok(""))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /big 200", "GET /next 200");
    assertThat(dialog.lost).isZero();
    assertThat(dialog.exchanges.get(0).size().response()).isGreaterThan(5000);
  }

  @Test
  void chunks_notCopied_areTheEndOfTheirMessageOnly() {
    Dialog dialog =
        Dialog.server()
            .request(get("/big"))
            .response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", 5000)
            .response("more of it")
            .request(get("/next"))
            .response(ok(""))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /big 200", "GET /next 200");
    assertThat(dialog.lost).as("nothing is missing").isZero();
    assertThat(dialog.exchanges.get(0).timing().lastNanos()).isEqualTo(3000);
  }

  private static Dialog five() {
    return Dialog.server()
        .request(get("/1"))
        .response(ok("1"))
        .request(get("/2"))
        .response(ok("2"))
        .request(get("/3"))
        .response(ok("3"))
        .request(get("/4"))
        .response(ok("4"))
        .request(get("/5"))
        .response(ok("5"));
  }

  /** Who is lost is not told, nor those of whom nobody knows whether they are; others are. */
  @ParameterizedTest
  @CsvSource({"0, 4 5", "1, 3 4 5", "2, 1 5", "3, 1 4 5"})
  void segment_missing_sparesTheOthers(int missing, String told) {
    Dialog dialog = five().tellWithout(missing);

    assertThat(dialog.lines())
        .isEqualTo(Arrays.stream(told.split(" ")).map("GET /%s 200"::formatted).toList());
    assertThat(dialog.lost).isPositive();
  }

  @Test
  void response_beforeItsRequest_waitsForIt() {
    Dialog dialog =
        Dialog.client()
            .request(get("/1"))
            .response(ok("1"))
            .response(ok("2"))
            .request(get("/2"))
            .request(get("/3"))
            .response(ok("3"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /2 200", "GET /3 200");
  }

  /** It may be an older one: nobody knows whether the client waits for answers. */
  @Test
  void response_beforeTheFirstRequest_givesNobodyAnothersAnswer() {
    Dialog dialog =
        Dialog.client()
            .response(ok("1"))
            .request(get("/1"))
            .request(get("/2"))
            .response(ok("2"))
            .request(get("/3"))
            .response(ok("3"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).isEmpty();
    assertThat(dialog.lost).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "GET http://host?next=a/secret, GET /",
    "GET http://host#a/secret, GET /",
    "GET http://user:secret@host/a?b=secret, GET /a",
    "GET http://user:se;cret@host/a, GET /",
    "GET /a;session=secret/b, GET /a",
    "GET /a?next=http://secret/secret, GET /a",
    "GET /a@b, GET /a@b",
    "OPTIONS *, OPTIONS *",
    "CONNECT user:secret@db:5432, CONNECT db:5432",
    "CONNECT db:5432?token=secret, CONNECT db:5432",
    "CONNECT user:se?cret@db:5432, CONNECT nothing",
    "CONNECT /chat?token=secret, CONNECT /chat",
    "CONNECT http://user:secret@host/chat?token=secret, CONNECT /chat",
  })
  void target_told_hasNoSecrets(String line, String told) {
    Dialog dialog = Dialog.server().request(line + " HTTP/1.1\r\n\r\n").tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly(told.replace("nothing", "") + " 0");
  }

  @Test
  void head_ofAnyLength_isNotKept() {
    HttpConversation conversation = Dialog.silent();
    String head = "GET /" + "long".repeat(2000) + " HTTP/1.1\r\nCookie: ";
    byte[] bytes = (head + "x".repeat(50_000)).getBytes(StandardCharsets.US_ASCII);
    conversation.take(new Segment(Way.RECEIVED, 0, bytes.length, ByteBuffer.wrap(bytes), 0, false));
    assertThat(conversation.keptBytes()).isGreaterThan(50_000);

    ByteBuffer end = ByteBuffer.wrap("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    conversation.take(new Segment(Way.RECEIVED, bytes.length, 4, end, 0, false));

    assertThat(conversation.keptBytes()).isLessThan(2000);
    assertThat(conversation.isMissed()).isTrue();
  }

  @Test
  void connection_seenFromTheMiddle_beginsWithTheNextRequest() {
    Dialog dialog =
        Dialog.server()
            .response("HTTP/1.1 100 Continue\r\n\r\n")
            .request("rest of a body\r\nGET /in/a/body HTTP/1.1\r\n\r\n")
            .response(ok("of a request before"))
            .request(get("/first"))
            .response(ok(""))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /first 200");
  }

  @Test
  void request_neverAnswered_isToldWithoutStatus() {
    Dialog dialog = Dialog.server().request(get("/hangs")).tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("GET /hangs 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
        "CONNECT user:secret@db:5432 HTTP/1.1\r\n\r\n"
      })
  void tunnel_opened_isOneRequest(String request) {
    boolean connect = request.startsWith("CONNECT");
    Dialog dialog =
        Dialog.server()
            .request(request)
            .response(
                connect ? "HTTP/1.1 200 OK\r\n\r\n" : "HTTP/1.1 101 Switching Protocols\r\n\r\n")
            .request(get("/inside/the/tunnel"))
            .response(ok("inside"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly(connect ? "CONNECT db:5432 200" : "GET /ws 101");
  }

  @Test
  void bytes_ofOtherProtocols_tellNothing() {
    Dialog dialog =
        Dialog.server()
            .request("*1\r\n$4\r\nPING\r\n")
            .response("+PONG\r\n")
            .request("GET key\r\n")
            .response("$-1\r\n")
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).isEmpty();
  }
}
