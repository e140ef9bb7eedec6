package dev.shunt.observe.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes of a connection, and what a conversation tells of them when they come in pieces. */
final class Dialog {
  private static final int UNTOLD = -1;

  /** Bytes one way, of which {@code unseen} at the end are not copied. */
  private static final class Turn {
    final Way way;
    final byte[] bytes;
    final int unseen;

    Turn(Way way, byte[] bytes, int unseen) {
      this.way = way;
      this.bytes = bytes;
      this.unseen = unseen;
    }
  }

  private final List<Turn> turns = new ArrayList<>();
  private final Way requestWay;

  /** The rows of {@link #tell}. */
  final List<HttpExchange> exchanges = new ArrayList<>();

  int lost;
  private boolean isLost;

  private Dialog(Way requestWay) {
    this.requestWay = requestWay;
  }

  static Dialog server() {
    return new Dialog(Way.RECEIVED);
  }

  static Dialog client() {
    return new Dialog(Way.SENT);
  }

  /** A conversation that nobody listens to. */
  static HttpConversation silent() {
    return new HttpConversation(server().listener());
  }

  Dialog request(String text) {
    return turn(requestWay, text.getBytes(StandardCharsets.ISO_8859_1), 0);
  }

  Dialog response(String text) {
    return turn(requestWay.other(), text.getBytes(StandardCharsets.ISO_8859_1), 0);
  }

  Dialog request(byte[] bytes) {
    return turn(requestWay, bytes, 0);
  }

  Dialog response(byte[] bytes) {
    return turn(requestWay.other(), bytes, 0);
  }

  /** A request whose last bytes nobody copied. */
  Dialog request(String text, int unseen) {
    return turn(
        requestWay, (text + "x".repeat(unseen)).getBytes(StandardCharsets.ISO_8859_1), unseen);
  }

  /** A response whose last bytes nobody copied. */
  Dialog response(String text, int unseen) {
    return turn(
        requestWay.other(),
        (text + "x".repeat(unseen)).getBytes(StandardCharsets.ISO_8859_1),
        unseen);
  }

  /** A request and its response of which the kernel told nothing. */
  Dialog untold(String request, String response) {
    turn(requestWay, request.getBytes(StandardCharsets.ISO_8859_1), UNTOLD);
    return turn(requestWay.other(), response.getBytes(StandardCharsets.ISO_8859_1), UNTOLD);
  }

  private Dialog turn(Way way, byte[] bytes, int unseen) {
    turns.add(new Turn(way, bytes, unseen));
    return this;
  }

  /** Feeds it in pieces of at most so many bytes, each a microsecond after the one before. */
  Dialog tell(int pieceMax) {
    HttpConversation conversation = feed(pieceMax, -1);
    conversation.end(requestWay);
    conversation.end(requestWay.other());
    return this;
  }

  /** As one, without the end, and without the turn of this number. */
  Dialog tellWithout(int missing) {
    isLost = true;
    feed(Integer.MAX_VALUE, missing);
    return this;
  }

  private HttpConversation feed(int pieceMax, int missing) {
    HttpConversation conversation = new HttpConversation(listener());
    long[] position = new long[2];
    long nanos = 0;
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      int way = turn.way.number();
      for (int at = 0; at < turn.bytes.length; ) {
        int length = Math.min(pieceMax, turn.bytes.length - at);
        int copied = Math.max(0, Math.min(length, turn.bytes.length - turn.unseen - at));
        nanos += 1000;
        if (i != missing && turn.unseen != UNTOLD) {
          ByteBuffer copy = ByteBuffer.wrap(turn.bytes, at, copied).slice();
          conversation.take(
              new Segment(turn.way, position[way], length, copy, nanos, turn.way == Way.SENT));
        }
        position[way] += length;
        at += length;
      }
    }
    return conversation;
  }

  private HttpListener listener() {
    exchanges.clear();
    lost = 0;
    return new HttpListener() {
      @Override
      public void exchange(HttpExchange exchange) {
        exchanges.add(exchange);
      }

      @Override
      public void lost() {
        lost++;
      }

      @Override
      public boolean mayBeLost(long sinceNanos) {
        return isLost;
      }
    };
  }

  /** {@code GET /path 200} for each. */
  List<String> lines() {
    return exchanges.stream()
        .map(
            exchange ->
                "%s %s %d"
                    .formatted(
                        exchange.request().method(),
                        exchange.request().path(),
                        exchange.answer().status()))
        .toList();
  }
}
