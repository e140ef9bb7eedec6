package dev.shunt.observe.http;

import dev.shunt.observe.http.HttpExchange.Side;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Streams of an HTTP/2 connection that are under way. One thread. */
final class Http2Streams {
  private static final int MAX = 4096;

  private final Side side;
  private final HttpListener listener;
  private final Map<Integer, Stream> streams = new LinkedHashMap<>();

  /** The highest number of one that was asked on; they only grow (RFC 9113, 5.1.1). */
  private int lastAsked;

  /** An exchange, of which either half may come first: two threads may write and read. */
  static final class Stream {
    final Pending pending;
    boolean asked;
    boolean answered;

    Stream(long nanos) {
      pending = new Pending(nanos);
    }
  }

  /** Tells {@code listener} those that are over. */
  Http2Streams(Side side, HttpListener listener) {
    this.side = side;
    this.listener = listener;
  }

  int size() {
    return streams.size();
  }

  /** Null: nothing of it is under way. */
  @Nullable Stream get(int number) {
    return streams.get(number);
  }

  /** Null: nobody waits for it, or for what comes on it now, as when one end has given it up. */
  @Nullable Stream open(int number, long nanos) {
    Stream known = streams.get(number);
    // even ones are pushed by the server, nobody asked for them
    if (known != null || number % 2 == 0 || number <= lastAsked) {
      return known;
    }
    if (streams.size() == MAX) {
      listener.lost();
      return null;
    }
    Stream fresh = new Stream(nanos);
    streams.put(number, fresh);
    return fresh;
  }

  /** Headers of a client have come on it. */
  void noteAsked(int number) {
    lastAsked = Math.max(lastAsked, number);
  }

  /** Tells it once both halves are there. */
  void finish(int number, Stream stream) {
    if (stream.asked && stream.answered) {
      streams.remove(number);
      listener.exchange(stream.pending.exchange(side));
    }
  }

  /** The connection has ended: tells all, as they are. */
  void flush() {
    streams.values().stream()
        .filter(stream -> stream.asked)
        .forEach(stream -> listener.exchange(stream.pending.exchange(side)));
    streams.clear();
  }

  /** Nobody knows what became of it. */
  void lose(int number) {
    Stream lost = streams.remove(number);
    if (lost != null && lost.asked) {
      listener.lost();
    }
  }

  /** Frames are missing: nobody knows what became of those that are under way. */
  void lose() {
    streams.values().stream().filter(stream -> stream.asked).forEach(stream -> listener.lost());
    streams.clear();
  }
}
