package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is told of HTTP/1 where nobody can know what belongs together. */
class Http1LossTest {
  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** The answer comes while the body goes on, of which a line of a chunk was not copied. */
  @Test
  void answer_beforeTheEndOfABody_makesNoRequestOfIt() {
    Dialog dialog =
        Dialog.server()
            .request("POST /upload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            .request("1000\r\n", 5000)
            .response("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            .request(get("/customers/secret"))
            .request("\r\n0\r\n\r\n")
            .request(get("/next"))
            .response(ok("2"))
            .tell(Integer.MAX_VALUE);

    assertThat(dialog.lines()).containsExactly("POST /upload 413");
  }

  /** The client keeps two under way; of a stretch two heads are missing. */
  @Test
  void heads_missingWhileTheClientDoesNotWait_giveNobodyAnothersStatus() {
    Dialog dialog = Dialog.server().request(get("/1")).request(get("/2")).response(ok("1"));
    dialog.request(get("/3") + get("/4")).response(ok("2")).response(ok("3"));
    for (int i = 5; i < 9; i++) {
      dialog
          .request(get("/" + i))
          .response("HTTP/1.1 %d Own\r\nContent-Length: 0\r\n\r\n".formatted(200 + i - 1));
    }
    dialog.tellWithout(3);

    assertThat(dialog.lines()).containsExactly("GET /1 200", "GET /2 200");
    assertThat(dialog.lost).isPositive();
  }
}
