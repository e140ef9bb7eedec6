package dev.shunt.observe.trace;

import dev.shunt.observe.http.HttpExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a trace tells. Immutable. */
public sealed interface TraceEvent {
  /**
   * Whose socket it is.
   *
   * @param namespace name of its network namespace
   * @param workload of the pod; empty: none, or not known
   * @param cgroup path below the root of the hierarchy; empty: unknown
   */
  record Place(String namespace, String workload, String cgroup) {}

  /**
   * A process.
   *
   * @param pid 0: not known
   * @param command its name, at most 15 characters
   */
  record Actor(int pid, String command) {}

  /**
   * A socket and who used it.
   *
   * @param local as it sees itself
   * @param remote as it sees the other end
   * @param place whose it is
   * @param actor who did it
   */
  record Subject(InetSocketAddress local, InetSocketAddress remote, Place place, Actor actor) {}

  /**
   * What was counted since the trace began.
   *
   * @param hook in use
   * @param matched what passed the filter
   * @param lost no room in the ring, or the kernel passed over the program
   * @param shed over a rate
   * @param untracked no room in a table
   * @param unread could not be read
   * @param skipped this reader was too slow
   * @param unsampled connections that its share left out
   * @param ended why the trace ends; empty: it does not
   */
  record Totals(
      String hook,
      long matched,
      long lost,
      long shed,
      long untracked,
      long unread,
      long skipped,
      long unsampled,
      String ended)
      implements TraceEvent {
    /** Of a reader that wants all connections, when all could be followed and read. */
    public Totals(String hook, long matched, long lost, long shed, long skipped, String ended) {
      this(hook, matched, lost, shed, 0, 0, skipped, 0, ended);
    }
  }

  /**
   * A connect() that has come to its end.
   *
   * @param time of the end
   * @param subject who connected to whom
   * @param latency since the first SYN
   * @param outcome how it ended
   */
  record Connect(Instant time, Subject subject, Duration latency, ConnectOutcome outcome)
      implements TraceEvent {}

  /**
   * How a connect() ended.
   *
   * @param established whether it was
   * @param errnoValue of the failure; 0: established, or closed before an answer
   */
  record ConnectOutcome(boolean established, int errnoValue) {}

  /**
   * A change of a TCP state.
   *
   * @param time of it
   * @param subject whose socket
   * @param socketId tells it apart from others while it lives
   * @param change from what to what
   * @param inState time in the old state; empty: since before the trace
   */
  record StateChange(
      Instant time, Subject subject, long socketId, TcpChange change, Optional<Duration> inState)
      implements TraceEvent {}

  /**
   * Round trips of a pair since the trace began.
   *
   * @param time now
   * @param row number of what is told: a row only grows, and what began anew has another one
   * @param local address
   * @param remote address
   * @param place of the local end
   * @param histogram of what TCP measured
   * @param redirected what went past TCP
   */
  record RoundTrips(
      Instant time,
      long row,
      InetAddress local,
      InetAddress remote,
      Place place,
      Histogram histogram,
      Redirected redirected)
      implements TraceEvent {}

  /**
   * Round trip times in microseconds.
   *
   * @param count samples
   * @param sumMicros of all
   * @param leastMicros smallest
   * @param mostMicros largest
   * @param buckets number n counts from 2^n to 2^(n+1) - 1, the first also 0
   */
  record Histogram(
      long count, long sumMicros, long leastMicros, long mostMicros, List<Long> buckets) {
    /** No sample. */
    public static final Histogram EMPTY = new Histogram(0, 0, 0, 0, List.of());

    /** Copies the list. */
    public Histogram {
      buckets = List.copyOf(buckets);
    }

    /** Of all samples; 0 when there is none. */
    public Duration mean() {
      return count == 0 ? Duration.ZERO : Duration.ofNanos(sumMicros * 1000 / count);
    }
  }

  /**
   * What accelerated connections sent past TCP.
   *
   * @param messages number
   * @param bytes of those
   */
  record Redirected(long messages, long bytes) {
    /** Nothing. */
    public static final Redirected NOTHING = new Redirected(0, 0);

    /** Both together. */
    public Redirected plus(Redirected other) {
      return new Redirected(messages + other.messages, bytes + other.bytes);
    }
  }

  /**
   * A handshake that used TCP Fast Open.
   *
   * @param time of its end
   * @param subject whose socket
   * @param side which end this is
   * @param outcome what came of it
   */
  record Handshake(Instant time, Subject subject, Side side, FastOpen outcome)
      implements TraceEvent {
    /** Which end. */
    public enum Side {
      /** It connected. */
      CLIENT,
      /** It was accepted. */
      SERVER
    }
  }

  /**
   * What the CPUs ran in the last second.
   *
   * @param time now
   * @param stacks different ones
   */
  record Profile(Instant time, List<Stack> stacks) implements TraceEvent {
    /** Copies the list. */
    public Profile {
      stacks = List.copyOf(stacks);
    }
  }

  /**
   * A stack that was seen.
   *
   * @param actor whose
   * @param frames names, the outermost first
   * @param count how often
   */
  record Stack(Actor actor, List<String> frames, long count) {
    /** Copies the list. */
    public Stack {
      frames = List.copyOf(frames);
    }
  }

  /**
   * A request of HTTP that has come to its end.
   *
   * @param time of its first byte
   * @param subject whose socket; ports 0: it was inside of TLS, and its socket was not seen
   * @param exchange what was asked and answered; the path is a template unless the reader asked
   * @param layer where it was read
   * @param paused how much of its latency JVMs stood; empty: nobody asked, or it is not known
   */
  record Http(
      Instant time,
      Subject subject,
      HttpExchange exchange,
      Layer layer,
      Optional<PausedTime> paused)
      implements TraceEvent {
    /** What carries HTTP. */
    public enum Layer {
      /** A socket, in clear. */
      SOCKET,
      /** TLS. */
      TLS
    }

    /** In clear, and nobody asked for pauses. */
    public Http(Instant time, Subject subject, HttpExchange exchange) {
      this(time, subject, exchange, Layer.SOCKET);
    }

    /** Nobody asked for pauses. */
    public Http(Instant time, Subject subject, HttpExchange exchange, Layer layer) {
      this(time, subject, exchange, layer, Optional.empty());
    }

    /** The same with what is known of pauses. */
    public Http with(Optional<PausedTime> known) {
      return new Http(time, subject, exchange, layer, known);
    }
  }

  /**
   * Something that whoever reads should know: what is watched, what cannot be.
   *
   * @param text one line
   */
  record Notice(String text) implements TraceEvent {}

  /**
   * A collection of a JVM, or a pause that collected nothing.
   *
   * @param time of its end
   * @param place of the process
   * @param actor the process
   * @param duration of the pause, or of the whole cycle
   * @param collection what was done
   */
  record Collection(
      Instant time, Place place, Actor actor, Duration duration, HeapCollection collection)
      implements TraceEvent {}

  /**
   * How far pauses of JVMs are known, for who brings them together with something else. Stays on
   * the node.
   *
   * @param untilNanos CLOCK_MONOTONIC
   * @param ended pauses that have ended since the last of these
   * @param open those that went on at that moment
   */
  record PausesKnown(long untilNanos, List<JvmPause> ended, List<JvmPause> open)
      implements TraceEvent {
    /** Copies the lists. */
    public PausesKnown {
      ended = List.copyOf(ended);
      open = List.copyOf(open);
    }
  }

  /**
   * A TLS connection whose handshake is over, or that has come to its end.
   *
   * @param time now
   * @param subject whose; ports 0: its socket was not seen
   * @param connection what is known of it
   */
  record Tls(Instant time, Subject subject, TlsConnection connection) implements TraceEvent {}
}
