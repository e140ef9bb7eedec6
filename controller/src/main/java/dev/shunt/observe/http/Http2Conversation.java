package dev.shunt.observe.http;

import dev.shunt.observe.http.FrameReader.Frame;
import dev.shunt.observe.http.HeaderBlocks.Block;
import dev.shunt.observe.http.Http2Streams.Stream;
import dev.shunt.observe.http.HttpExchange.Protocol;
import dev.shunt.observe.http.HttpExchange.Reset;
import dev.shunt.observe.http.HttpExchange.Side;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Pairs requests and responses of an HTTP/2 connection by their streams. One thread. */
final class Http2Conversation implements Spoken {
  private static final int OK = 200;
  private static final int SETTING_BYTES = 6;
  private static final int HEADER_TABLE_SIZE = 1;
  private static final int ACK = 0x1;

  private final Way requestWay;
  private final HttpListener listener;
  private final HeaderBlocks requestBlocks = new HeaderBlocks();
  private final HeaderBlocks responseBlocks = new HeaderBlocks();
  private final FrameReader requests =
      new FrameReader(new Reading(requestBlocks, responseBlocks), HttpStart.PREFACE.length);
  private final FrameReader responses =
      new FrameReader(new Reading(responseBlocks, requestBlocks), 0);
  private final Http2Streams streams;
  private boolean isLost;
  private boolean isCounted;

  /** When something of the responses was seen last. */
  private long answeredNanos;

  private boolean redirected;

  /** Begins with the preface. */
  Http2Conversation(Way requestWay, HttpListener listener) {
    this.requestWay = requestWay;
    this.listener = listener;
    streams = new Http2Streams(requestWay == Way.RECEIVED ? Side.SERVER : Side.CLIENT, listener);
  }

  private FrameReader reader(Way way) {
    return way == requestWay ? requests : responses;
  }

  @Override
  public void take(Segment segment) {
    redirected = segment.redirected();
    ByteBuffer copy = segment.copy().duplicate();
    long unseen = segment.length() - copy.remaining();
    reader(segment.way()).take(copy, segment.nanos());
    reader(segment.way()).skip(unseen, segment.nanos());
    if (segment.way() != requestWay) {
      answeredNanos = segment.nanos();
    }
  }

  @Override
  public void gap(Way way, long count, long nanos, Cause cause) {
    isCounted = true;
    reader(way).skip(count, nanos);
    isCounted = false;
  }

  @Override
  public void end(Way way) {
    if (way != requestWay) {
      streams.flush();
    }
  }

  /** What is forgotten of it cannot be read any more. */
  @Override
  public boolean isMissed() {
    return !isLost;
  }

  @Override
  public long keptBytes() {
    return (long) streams.size() * Pending.BYTES_MAX
        + requestBlocks.keptBytes()
        + responseBlocks.keptBytes()
        + requests.keptBytes()
        + responses.keptBytes();
  }

  /** The frames of one way. */
  private final class Reading implements FrameReader.Frames {
    private final HeaderBlocks own;
    private final HeaderBlocks opposite;

    Reading(HeaderBlocks own, HeaderBlocks opposite) {
      this.own = own;
      this.opposite = opposite;
    }

    private boolean isRequest() {
      return own == requestBlocks;
    }

    @Override
    public void frame(Frame frame, ByteBuffer payload, long nanos) {
      try {
        switch (frame.type()) {
          case FrameReader.HEADERS, FrameReader.CONTINUATION, FrameReader.PUSH_PROMISE -> {
            Block block = own.take(frame, payload);
            if (block != null) {
              block(block, nanos);
            }
          }
          case FrameReader.SETTINGS -> settings(frame, payload);
          case FrameReader.DATA -> data(frame, nanos);
          case FrameReader.RST_STREAM -> reset(frame, payload, nanos);
          default -> {}
        }
      } catch (Http2Exception unreadable) {
        requests.lose();
        responses.lose();
      }
    }

    private void block(Block block, long nanos) {
      Stream stream = streams.open(block.stream(), nanos);
      if (isRequest()) {
        streams.noteAsked(block.stream());
      }
      if (stream == null) {
        return;
      }
      if (isRequest()) {
        ask(stream, block, nanos);
        streams.finish(block.stream(), stream);
      } else {
        answer(stream, block, nanos);
      }
    }

    private void ask(Stream stream, Block block, long nanos) {
      Pending pending = stream.pending;
      pending.addRequest(block.bytes());
      pending.redirected |= redirected;
      if (stream.asked) {
        return; // trailers
      }
      stream.asked = true;
      pending.beginNanos = Math.min(nanos, pending.beginNanos);
      Http2Headers headers = block.headers();
      CharSequence path = headers.path() == null ? headers.authority() : headers.path();
      pending.ask(
          String.valueOf(headers.method()),
          path == null ? "" : path.toString(),
          isGrpc(headers) ? Protocol.GRPC : Protocol.HTTP_2);
      pending.context = TraceContext.of(headers.getAll(TraceContext.HEADER));
    }

    private void answer(Stream stream, Block block, long nanos) {
      Pending pending = stream.pending;
      int status = number(block.headers().status());
      if (status >= OK && pending.status == 0) {
        pending.status = status;
        pending.firstNanos = nanos;
      }
      int grpc = number(block.headers().get("grpc-status"));
      if (grpc >= 0) {
        pending.grpcStatus = OptionalInt.of(grpc);
      }
      pending.addResponse(block.bytes(), nanos);
      pending.redirected |= redirected;
      if (block.isLast()) {
        stream.answered = true;
        streams.finish(block.stream(), stream);
      }
    }

    private void data(Frame frame, long nanos) {
      Stream stream = streams.get(frame.stream());
      if (stream == null) {
        return;
      }
      long bytes = (long) FrameReader.HEADER_BYTES + frame.length();
      stream.pending.redirected |= redirected;
      if (isRequest()) {
        stream.pending.addRequest(bytes);
        return;
      }
      stream.pending.addResponse(bytes, nanos);
      if (frame.has(HeaderBlocks.END_STREAM)) {
        stream.answered = true;
        streams.finish(frame.stream(), stream);
      }
    }

    /**
     * Who gave up: the stream ends without the rest. After a complete response it is none of it
     * (RFC 9113, 8.1).
     */
    private void reset(Frame frame, ByteBuffer payload, long nanos) {
      Stream stream =
          isRequest() ? streams.get(frame.stream()) : streams.open(frame.stream(), nanos);
      if (stream == null || stream.answered || payload.remaining() < Integer.BYTES) {
        return;
      }
      if (isRequest() && listener.mayBeLost(answeredNanos)) {
        streams.lose(frame.stream()); // what the server has answered may be missing
        return;
      }
      Side by = isRequest() ? Side.CLIENT : Side.SERVER;
      stream.pending.reset = Optional.of(new Reset(by, payload.getInt()));
      stream.pending.lastNanos = nanos;
      stream.answered = true;
      streams.finish(frame.stream(), stream);
    }

    private void settings(Frame frame, ByteBuffer payload) throws Http2Exception {
      while (!frame.has(ACK) && payload.remaining() >= SETTING_BYTES) {
        int setting = payload.getShort() & 0xffff;
        long value = payload.getInt() & 0xffffffffL;
        if (setting == HEADER_TABLE_SIZE) {
          opposite.allowTable(value);
        }
      }
    }

    /** What was asked is told as far as it is known; nothing that comes can be read. */
    @Override
    public void lost() {
      if (!isLost) {
        isLost = true;
        streams.lose();
        if (!isCounted) {
          listener.lost();
        }
      }
      requests.lose();
      responses.lose();
    }
  }

  private static boolean isGrpc(Http2Headers headers) {
    CharSequence type = headers.get("content-type");
    return type != null && type.toString().startsWith("application/grpc");
  }

  /** -1: none. */
  private static int number(@Nullable CharSequence text) {
    try {
      return text == null ? -1 : Integer.parseInt(text.toString());
    } catch (NumberFormatException wrong) {
      return -1;
    }
  }
}
