package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TlsConnection;
import dev.shunt.observe.trace.TlsHello;
import dev.shunt.observe.trace.TraceEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells TLS connections with what their hellos said. What a hello says is kept until its connection
 * has ended, and not the hello itself. On the thread of the session.
 */
final class TlsTelling implements TraceTelling {
  private static final int HELLO = 0;
  private static final int FAILED = 2;
  private static final int CLOSED = 3;
  private static final int PERMITTED = 1;

  /** As many as connections that are followed. */
  private static final int HELLOS_MAX = 16384;

  private record Key(int pid, long ssl) {}

  private final OpenTrace trace;
  private final TraceTranslation translation;
  private final BadRecords bad;
  private final Map<Integer, TraceReader> readers = new HashMap<>();
  private final Map<Key, TlsConnection.Hello> hellos =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, TlsConnection.Hello> eldest) {
          return size() > HELLOS_MAX;
        }
      };

  TlsTelling(OpenTrace trace, TraceTranslation translation, BadRecords bad) {
    this.trace = trace;
    this.translation = translation;
    this.bad = bad;
  }

  @Override
  public void begin(TraceReader reader) {
    readers.put(reader.place(), reader);
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> all) {
    TraceRecord record = new TraceRecord(TraceRows.TLS, bytes);
    TraceRecord head = record.part("head", TraceRows.TLS_HEAD, 0);
    if (head.u32("kind") == HELLO) {
      seeHello(head);
    } else {
      tell(record, head.u32("kind"));
    }
  }

  private void seeHello(TraceRecord head) {
    ByteBuffer bytes =
        head.bytes().slice(head.base() + TraceRows.TLS_HELLO.offset("bytes"), head.u32("length"));
    TlsHello.parse(bytes)
        .ifPresent(
            hello ->
                hellos.merge(
                    key(head),
                    TlsConnection.Hello.NONE.with(hello),
                    (old, first) -> old.with(hello)));
  }

  private static Key key(TraceRecord head) {
    return new Key(head.u32("pid"), head.u64("ssl"));
  }

  private void tell(TraceRecord record, int kind) {
    TraceRecord head = record.part("head", TraceRows.TLS_HEAD, 0);
    List<TraceReader> meant = meant(head);
    if (!meant.isEmpty()) {
      TraceEvent event = event(record, kind, head.u64("time_ns"));
      meant.forEach(reader -> reader.offer(event));
    }
    forget(head, kind);
  }

  /** The programs have not counted it. */
  private void tellEnded(TraceRecord record, int kind, long now) {
    TraceRecord head = record.part("head", TraceRows.TLS_HEAD, 0);
    List<TraceReader> meant = meant(head);
    if (!meant.isEmpty()) {
      TraceEvent event = event(record, kind, now);
      for (TraceReader reader : meant) {
        trace.addMatched(reader.place());
        reader.offer(event);
      }
    }
    forget(head, kind);
  }

  /** Who had its place when the programs looked for readers. */
  private List<TraceReader> meant(TraceRecord head) {
    return readers.values().stream()
        .filter(reader -> reader.gets(head.u32("readers"), head.u64("time_ns")))
        .toList();
  }

  private void forget(TraceRecord head, int kind) {
    if (kind == CLOSED || kind == FAILED) {
      hellos.remove(key(head));
    }
  }

  private TraceEvent event(TraceRecord record, int kind, long nanos) {
    long handshake = record.u64("duration_ns");
    int alert = record.u32("alert");
    return new TraceEvent.Tls(
        translation.time().of(nanos),
        translation.subject(record),
        new TlsConnection(
            TlsConnection.State.of(kind),
            TlsConnection.Side.of(record.u32("side")),
            hello(record),
            handshake == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(handshake)),
            new TlsConnection.Traffic(
                record.u64("bytes_read"),
                record.u64("bytes_written"),
                record.u64("reads"),
                record.u64("writes")),
            kind == FAILED && alert != 0 ? Optional.of(alert - 1) : Optional.empty()));
  }

  /** One of an older connection at the same address is not meant. */
  private TlsConnection.Hello hello(TraceRecord record) {
    boolean isKnown = record.u32("side") != 0 && record.u32("permitted") == PERMITTED;
    return isKnown
        ? hellos.getOrDefault(
            key(record.part("head", TraceRows.TLS_HEAD, 0)), TlsConnection.Hello.NONE)
        : TlsConnection.Hello.NONE;
  }

  @Override
  public void tell(TraceReader reader, long now) {
    // a row is told when it comes
  }

  @Override
  public void tellLast(TraceReader reader) {
    readers.remove(reader.place());
  }

  @Override
  public void refresh() {
    translation.refresh();
    settle();
  }

  /** A program that ends need not free its connections. */
  @Override
  public void settle() {
    long now = System.nanoTime();
    Map<Integer, Boolean> ended = new HashMap<>();
    trace
        .tlsConnections()
        .sweep(
            pid -> ended.computeIfAbsent(pid, key -> ProcessHandle.of(key).isEmpty()),
            row -> {
              boolean unused = bad.read("a connection", () -> tellEnded(row, now));
            });
  }

  private void tellEnded(TraceRecord row, long now) {
    if (row.u32("established") != 0) {
      tellEnded(row, CLOSED, now);
    } else if (row.u64("begin_ns") != 0) {
      tellEnded(row, FAILED, now);
    }
  }
}
