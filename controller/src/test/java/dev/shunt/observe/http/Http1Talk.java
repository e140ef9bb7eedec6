package dev.shunt.observe.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A conversation of HTTP/1 by chance, as it goes over a connection: whatever peers may send, with
 * bodies in which requests and responses seem to begin wherever a segment does.
 */
final class Http1Talk {
  private static final String[] BODY = {
    "GET /fake HTTP/1.1\r\nHost: a\r\n\r\n",
    "DELETE /fake HTTP/1.1\r\n\r\n",
    "POST /fake HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
    "POST /fake HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 599 Fake\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 598 Fake\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "\r\n0\r\n\r\n",
    "5\r\nabcde\r\n",
    "plain text",
    "{}",
    "\r\n",
  };
  private static final String[] PLAIN = {"GET", "GET", "DELETE", "OPTIONS"};
  private static final int EXCHANGES_MAX = 10;

  /** When a server says anything. */
  enum Answers {
    /** Also before it has the whole body. */
    ANY_TIME,
    /** When it has all. */
    AFTER_BODY
  }

  /** What was asked and answered; status 0: nothing was answered. */
  record Truth(String method, int status) {}

  /** In order; by path. */
  final Map<String, Truth> truths = new LinkedHashMap<>();

  final List<Piece> pieces = new ArrayList<>();

  /** Pieces before this one show that the client does not wait for answers, if it does not. */
  int shown;

  private final Random random;
  private final boolean isPipelining;
  private final boolean isAnyTime;

  /**
   * Makes one.
   *
   * @param answers when a server answers a request with a body
   */
  Http1Talk(Random random, Answers answers) {
    this.random = random;
    isAnyTime = answers == Answers.ANY_TIME;
    isPipelining = random.nextInt(3) == 0;
    List<Exchange> exchanges = new ArrayList<>();
    int count = 2 + random.nextInt(EXCHANGES_MAX);
    for (int i = 0; i < count; i++) {
      exchanges.add(exchange(i, i == count - 1));
    }
    if (isPipelining) {
      pipeline(exchanges);
    } else {
      exchanges.forEach(this::turn);
    }
  }

  boolean isPipelining() {
    return isPipelining;
  }

  /** Pieces of a request and of its response, interim ones before it. */
  private static final class Exchange {
    final List<byte[]> request = new ArrayList<>();
    final List<byte[]> interim = new ArrayList<>();
    final List<byte[]> response = new ArrayList<>();
    boolean isEarly;
  }

  private boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Exchange exchange(int number, boolean isLast) {
    Exchange exchange = new Exchange();
    String path = "/p/" + number;
    int kind = random.nextInt(isLast ? 12 : 9);
    boolean hasBody = kind >= 3 && kind <= 7;
    String method = PLAIN[random.nextInt(PLAIN.length)];
    if (kind == 2) {
      method = "HEAD";
    } else if (hasBody) {
      method = chance(2) ? "POST" : "PUT";
    } else if (kind == 10) {
      method = "CONNECT";
      path = "db" + number + ":1";
    }
    String head = method + " " + path + " HTTP/1.1\r\nHost: a\r\n";
    if (hasBody) {
      boolean isChunked = kind >= 6;
      List<byte[]> body = isChunked ? chunks() : body();
      int length = body.stream().mapToInt(part -> part.length).sum();
      head += isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length + "\r\n";
      exchange.isEarly = isAnyTime && chance(4);
      if (isAnyTime && chance(4)) {
        exchange.interim.add(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      cut(
          number,
          exchange.request,
          ascii((number > 0 && isAnyTime && chance(10) ? "\r\n" : "") + head + "\r\n"));
      exchange.request.addAll(body);
    } else {
      cut(number, exchange.request, ascii(head + "\r\n"));
    }
    int status = answer(exchange, number, method, kind);
    truths.put(path, new Truth(method, status));
    return exchange;
  }

  private int answer(Exchange exchange, int number, String method, int kind) {
    int status = 205 + (number * 7 + random.nextInt(3) * 100) % 90 + random.nextInt(3) * 100;
    status = status == 304 ? 305 : status;
    if (chance(8) && exchange.request.size() == 1) {
      exchange.interim.add(ascii("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"));
    }
    if (kind == 11 || kind == 10) {
      status = kind == 11 ? 101 : 200;
      cut(number, exchange.response, ascii("HTTP/1.1 " + status + " Yes\r\n\r\n"));
      exchange.response.addAll(body());
      return status;
    }
    List<byte[]> body = List.of();
    String head = "Content-Length: 0\r\n";
    switch (random.nextInt(6)) {
      case 0 -> {
        status = chance(2) ? 204 : 304;
        head = status == 304 ? "Content-Length: 77\r\n" : "";
      }
      case 1, 2 -> {
        body = body();
        head = "Content-Length: " + body.stream().mapToInt(part -> part.length).sum() + "\r\n";
      }
      case 3, 4 -> {
        body = chunks();
        head = "Transfer-Encoding: chunked\r\n";
      }
      default -> {}
    }
    if (kind == 9) {
      body = body();
      head = "";
      status = status == 204 || status == 304 ? 200 : status;
    }
    cut(number, exchange.response, ascii("HTTP/1.1 " + status + " Any\r\n" + head + "\r\n"));
    if (!method.equals("HEAD")) {
      exchange.response.addAll(body);
    }
    return status;
  }

  /** Nobody cuts most heads; that of the first says what is spoken. */
  private void cut(int number, List<byte[]> to, byte[] bytes) {
    int at = 0;
    while (number > 0 && chance(6) && bytes.length - at > 2) {
      int next = at + 1 + random.nextInt(bytes.length - at - 1);
      to.add(Arrays.copyOfRange(bytes, at, next));
      at = next;
    }
    to.add(Arrays.copyOfRange(bytes, at, bytes.length));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      text.append(BODY[random.nextInt(BODY.length)]);
    }
    return text.toString();
  }

  private List<byte[]> body() {
    List<byte[]> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts.add(ascii(text()));
    }
    return parts;
  }

  /** The lines of chunks are in pieces of their own, or not. */
  private List<byte[]> chunks() {
    List<byte[]> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String text = text();
      String line = Integer.toHexString(text.length()) + (chance(4) ? ";a=b" : "") + "\r\n";
      if (chance(2)) {
        parts.add(ascii(line));
        parts.add(ascii(text));
        parts.add(ascii("\r\n"));
      } else {
        parts.add(ascii(line + text + "\r\n"));
      }
    }
    parts.add(ascii("0\r\n" + (chance(3) ? "Trailer: x\r\n" : "") + "\r\n"));
    return parts;
  }

  private void add(boolean isRequest, byte[] bytes) {
    pieces.add(new Piece(isRequest ? Way.RECEIVED : Way.SENT, bytes));
  }

  private void addAll(boolean isRequest, List<byte[]> all) {
    all.forEach(bytes -> add(isRequest, bytes));
  }

  /** The client asks when it has the answer, and has sent all. */
  private void turn(Exchange exchange) {
    int sent = exchange.request.size();
    int first = 1;
    if (exchange.isEarly) {
      first = 1 + random.nextInt(sent);
    }
    int before = exchange.isEarly ? Math.max(heads(exchange), first) : sent;
    int interim = exchange.interim.isEmpty() ? before : Math.max(heads(exchange), before - 1);
    addAll(true, exchange.request.subList(0, interim));
    addAll(false, exchange.interim);
    addAll(true, exchange.request.subList(interim, before));
    List<byte[]> rest = new ArrayList<>(exchange.request.subList(before, sent));
    List<byte[]> answer = new ArrayList<>(exchange.response);
    while (!rest.isEmpty() || !answer.isEmpty()) {
      boolean asks = answer.isEmpty() || (!rest.isEmpty() && chance(2));
      add(asks, asks ? rest.remove(0) : answer.remove(0));
    }
  }

  /** Pieces that the head of a request takes. */
  private static int heads(Exchange exchange) {
    StringBuilder text = new StringBuilder();
    int count = 0;
    while (!text.toString().contains("a\r\n") || !text.toString().contains("\r\n\r\n")) {
      text.append(new String(exchange.request.get(count++), StandardCharsets.ISO_8859_1));
    }
    return count;
  }

  /** Several are under way at once. */
  private void pipeline(List<Exchange> exchanges) {
    int depth = 2 + random.nextInt(4);
    int asked = 0;
    int answered = 0;
    int pending = -1;
    while (answered < exchanges.size()) {
      boolean asks =
          asked < exchanges.size()
              && asked - answered < depth
              && (asked - answered == 0 || asked < 2 || chance(2));
      if (asks) {
        List<byte[]> request = new ArrayList<>(exchanges.get(asked).request);
        if (pending >= 0 && chance(2)) { // behind the one before, in one piece
          byte[] last = pieces.remove(pending).bytes();
          byte[] joined = Arrays.copyOf(last, last.length + request.get(0).length);
          System.arraycopy(request.get(0), 0, joined, last.length, request.get(0).length);
          request.set(0, joined);
        }
        addAll(true, request);
        pending = pieces.size() - 1;
        asked++;
      } else {
        Exchange next = exchanges.get(answered);
        addAll(false, next.interim);
        addAll(false, next.response);
        shown = shown == 0 ? pieces.size() : shown;
        pending = -1;
        answered++;
      }
    }
  }
}
