package dev.shunt.observe.http;

import static dev.shunt.observe.http.Http2Frames.END_HEADERS;
import static dev.shunt.observe.http.Http2Frames.END_STREAM;
import static dev.shunt.observe.http.Http2Frames.PADDED;
import static dev.shunt.observe.http.Http2Frames.PRIORITY;
import static dev.shunt.observe.http.Http2Frames.block;
import static dev.shunt.observe.http.Http2Frames.frame;
import static dev.shunt.observe.http.Http2Frames.join;

import dev.shunt.observe.http.HttpExchange.Answer;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Reset;
import dev.shunt.observe.http.HttpExchange.Side;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** A connection of HTTP/2 by chance: streams under way at once, in frames of every form. */
final class Http2Talk {
  private static final int[] TABLES = {0, 100, 4096, 20_000, 1 << 16};

  /** What was asked and answered. */
  record Truth(String method, Protocol protocol, Answer answer) {}

  /** By path. */
  final Map<String, Truth> truths = new LinkedHashMap<>();

  private final Random random;
  private final Http2Frames peers = new Http2Frames();
  private final List<Piece> frames = new ArrayList<>();

  Http2Talk(Random random) {
    this.random = random;
    add(Way.RECEIVED, HttpStart.PREFACE);
    add(Way.RECEIVED, frame(FrameReader.SETTINGS, 0, 0, new byte[0]));
    add(Way.SENT, frame(FrameReader.SETTINGS, 0, 0, new byte[0]));
    List<List<Runnable>> open = new ArrayList<>();
    int next = 1;
    int left = 3 + random.nextInt(15);
    while (left > 0 || !open.isEmpty()) {
      if (left > 0 && (open.isEmpty() || chance(4))) {
        open.add(stream(next));
        open.get(open.size() - 1).remove(0).run(); // numbers only grow
        next += 2 + 2 * random.nextInt(2);
        left--;
      } else {
        List<Runnable> one = open.get(random.nextInt(open.size()));
        one.remove(0).run();
      }
      open.removeIf(List::isEmpty);
      between();
    }
  }

  private boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  private void add(Way way, byte[] bytes) {
    frames.add(new Piece(way, bytes));
  }

  /** Frames in pieces: cut and joined anywhere, as the calls of programs are. */
  List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Piece frame : frames) {
      int last = pieces.size() - 1;
      if (last >= 0 && pieces.get(last).way() == frame.way() && chance(3)) {
        Piece before = pieces.remove(last);
        pieces.add(new Piece(frame.way(), join(before.bytes(), frame.bytes())));
      } else if (chance(5) && frame.bytes().length > 1 && !pieces.isEmpty()) {
        int at = 1 + random.nextInt(frame.bytes().length - 1);
        pieces.add(new Piece(frame.way(), Arrays.copyOf(frame.bytes(), at)));
        pieces.add(
            new Piece(frame.way(), Arrays.copyOfRange(frame.bytes(), at, frame.bytes().length)));
      } else {
        pieces.add(frame);
      }
    }
    return pieces;
  }

  /** What belongs to no stream. */
  private void between() {
    Way way = Way.of(random.nextInt(2));
    switch (random.nextInt(12)) {
      case 0 -> add(way, frame(6, 0, 0, new byte[8])); // PING
      case 1 -> add(way, frame(8, 0, 0, new byte[] {0, 0, 1, 0})); // WINDOW_UPDATE
      case 2 -> add(way, frame(2, 0, 1 + 2 * random.nextInt(9), new byte[5])); // PRIORITY
      case 3 -> add(way, frame(0x20 + random.nextInt(9), 0xff, 0, new byte[random.nextInt(99)]));
      case 4 -> resizeTable(way);
      default -> {}
    }
  }

  /** One end allows tables of a size, and the other uses them. */
  private void resizeTable(Way way) {
    int size = TABLES[random.nextInt(TABLES.length)];
    byte[] setting = ByteBuffer.allocate(6).putShort((short) 1).putInt(size).array();
    add(way, frame(FrameReader.SETTINGS, 0, 0, setting));
    DefaultHttp2HeadersEncoder encoder = way == Way.RECEIVED ? peers.responses : peers.requests;
    try {
      encoder.configuration().maxHeaderTableSize(size);
    } catch (Http2Exception failed) {
      throw new AssertionError(failed);
    }
  }

  /** A block of headers in one frame or several, padded and with a priority, or not. */
  private void headers(Way way, int stream, Http2Headers headers, int end) {
    byte[] all = block(way == Way.RECEIVED ? peers.requests : peers.responses, stream, headers);
    int cut = chance(3) ? random.nextInt(all.length + 1) : all.length;
    byte[] payload = Arrays.copyOf(all, cut);
    int flags = end | (cut == all.length ? END_HEADERS : 0);
    if (chance(4)) {
      flags |= PRIORITY;
      payload = join(new byte[] {0, 0, 0, 0, 16}, payload);
    }
    if (chance(4)) {
      flags |= PADDED;
      int padding = random.nextInt(20);
      payload = join(new byte[] {(byte) padding}, payload, new byte[padding]);
    }
    List<byte[]> parts = new ArrayList<>();
    parts.add(frame(FrameReader.HEADERS, flags, stream, payload));
    while (cut < all.length) {
      int next = chance(2) ? all.length : cut + random.nextInt(all.length - cut + 1);
      parts.add(
          frame(
              FrameReader.CONTINUATION,
              next == all.length ? END_HEADERS : 0,
              stream,
              Arrays.copyOfRange(all, cut, next)));
      cut = next;
    }
    parts.forEach(part -> add(way, part)); // nothing comes between them (RFC 9113, 6.10)
  }

  private void data(Way way, int stream, int end) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    add(way, frame(FrameReader.DATA, end, stream, bytes));
  }

  private void reset(Way way, int stream, int code) {
    byte[] payload = ByteBuffer.allocate(4).putInt(code).array();
    add(way, frame(FrameReader.RST_STREAM, 0, stream, payload));
  }

  /** The frames of a stream, in their order. */
  private List<Runnable> stream(int number) {
    boolean isCall = chance(3);
    boolean hasBody = isCall || chance(3);
    String method = isCall ? "POST" : List.of("GET", "PUT", "HEAD").get(random.nextInt(3));
    int status = 200 + random.nextInt(300);
    int grpc = random.nextInt(17);
    Http2Headers asked =
        new DefaultHttp2Headers().method(method).path("/p/" + number).scheme("http").authority("a");
    asked.add("content-type", isCall ? "application/grpc" : "text/plain");
    asked.add("x-" + random.nextInt(20), "value" + random.nextInt(20));
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> headers(Way.RECEIVED, number, asked, hasBody ? 0 : END_STREAM));
    for (int i = random.nextInt(3); hasBody && i > 0; i--) {
      steps.add(() -> data(Way.RECEIVED, number, 0));
    }
    boolean isEarly = hasBody && chance(4);
    if (hasBody && !isEarly) {
      steps.add(() -> data(Way.RECEIVED, number, END_STREAM));
    }
    int given = random.nextInt(8); // up, before or after the head
    Optional<Reset> reset = Optional.empty();
    boolean isAnswered = given != 0;
    OptionalInt trailer = OptionalInt.empty();
    if (chance(5)) {
      steps.add(() -> headers(Way.SENT, number, new DefaultHttp2Headers().status("103"), 0));
    }
    Http2Headers answer = new DefaultHttp2Headers().status(Integer.toString(status));
    answer.add("x-" + random.nextInt(20), "value" + random.nextInt(20));
    if (isAnswered) {
      boolean isEmpty = given > 1 && !isCall && chance(3);
      steps.add(() -> headers(Way.SENT, number, answer, isEmpty ? END_STREAM : 0));
      for (int i = random.nextInt(3); !isEmpty && i > 0; i--) {
        steps.add(() -> data(Way.SENT, number, 0));
      }
      if (!isEmpty && given > 1 && isCall) {
        Http2Headers trailers = new DefaultHttp2Headers().set("grpc-status", "" + grpc);
        trailer = OptionalInt.of(grpc);
        steps.add(() -> headers(Way.SENT, number, trailers, END_STREAM));
      } else if (!isEmpty && given > 1) {
        steps.add(() -> data(Way.SENT, number, END_STREAM));
      }
    }
    if (given < 2) {
      Way by = Way.of(random.nextInt(2));
      int code = random.nextInt(14);
      reset = Optional.of(new Reset(by == Way.RECEIVED ? Side.CLIENT : Side.SERVER, code));
      steps.add(() -> reset(by, number, code));
    } else if (isEarly) {
      steps.add(() -> reset(Way.SENT, number, 0)); // no more of the body is needed
    }
    truths.put(
        "/p/" + number,
        new Truth(
            method,
            isCall ? Protocol.GRPC : Protocol.HTTP_2,
            new Answer(isAnswered ? status : 0, trailer, reset)));
    return steps;
  }
}
