package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.observe.http.HttpConversation;
import dev.shunt.observe.http.HttpExchange;
import dev.shunt.observe.http.HttpListener;
import dev.shunt.observe.http.PathTemplates;
import dev.shunt.observe.http.Segment;
import dev.shunt.observe.http.Way;
import dev.shunt.observe.telemetry.Owner;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceQuery;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads HTTP out of bytes that sockets carried, and those that programs handed to their TLS
 * library. On the thread of the session.
 */
final class HttpTelling implements TraceTelling {
  /** Fewer than the program follows, so that this is where one is forgotten, and counted. */
  private static final int CONVERSATIONS_MAX = 4096;

  /** Of all of them; the node has a heap of 96 MiB. */
  private static final long KEPT_BYTES_MAX = 32L << 20;

  private static final int USUAL = 1024;
  private static final float LOAD = 0.75f;

  private final HttpCounts counts;
  private final LostRecords losses;
  private final TraceTranslation translation;
  private final PathTemplates templates = new PathTemplates(System::nanoTime);

  /** By number, the one that spoke least recently first. */
  private final Map<Long, Known> conversations = new LinkedHashMap<>(USUAL, LOAD, true);

  /** Processes that the look before this one found ended. */
  private final Set<Integer> endedBefore = new HashSet<>();

  private List<TraceReader> readers = List.of();
  private final RowRate rate;
  private final BadRecords bad;
  private long keptBytes;
  private long recordNanos;
  private long untracked;
  private long unread;

  HttpTelling(HttpCounts counts, TraceTranslation translation, BadRecords bad) {
    this.counts = counts;
    losses = new LostRecords(counts.lost(), System::nanoTime);
    this.bad = bad;
    rate = new RowRate(counts.rates());
    this.translation = translation;
  }

  /** A connection. */
  private final class Known implements HttpListener {
    private HttpConversation conversation = new HttpConversation(this);
    private final long cgroup;
    private final TraceEvent.Http.Layer layer;
    private TraceEvent.Subject subject;

    /** Of the last bytes. */
    private int readerBits;

    private int endedWays;
    private boolean isGivenUp;
    private long keptBytes;

    Known(TraceRecord record) {
      cgroup = record.socket().u64("cgroup_id");
      layer =
          (record.u32("flags") & TraceRows.BYTES_TLS) == 0
              ? TraceEvent.Http.Layer.SOCKET
              : TraceEvent.Http.Layer.TLS;
      subject = translation.subject(record);
    }

    void take(TraceRecord record) {
      Way way = Way.of(record.u32("way"));
      boolean isEnd = (record.u32("flags") & TraceRows.BYTES_END) != 0;
      if (isEnd) {
        endedWays |= 1 << way.number();
      }
      tryToRead(
          () -> {
            if (isEnd) {
              conversation.end(way, record.u64("position"));
            } else {
              read(way, record);
            }
          });
    }

    /** What has failed once has lost its place. */
    private void tryToRead(Runnable reading) {
      if (!isGivenUp && !bad.read("a connection", reading)) {
        isGivenUp = true;
        conversation = new HttpConversation(this);
      }
    }

    private void read(Way way, TraceRecord record) {
      readerBits = record.u32("readers");
      // the socket of TLS may be seen later than its first bytes
      if (record.process().u32("pid") != subject.actor().pid()
          || subject.remote().getPort() != record.socket().u16("remote_port")) {
        subject = translation.subject(record);
      }
      conversation.take(segment(way, record));
    }

    void end() {
      tryToRead(
          () -> {
            conversation.end(Way.SENT);
            conversation.end(Way.RECEIVED);
          });
    }

    /** By how much what it keeps has grown since this was asked last. */
    long grown() {
      long before = keptBytes;
      keptBytes = conversation.keptBytes();
      return keptBytes - before;
    }

    boolean isOf(Set<Integer> pids) {
      return layer == TraceEvent.Http.Layer.TLS && pids.contains(subject.actor().pid());
    }

    boolean isOver() {
      return endedWays == (1 << Way.values().length) - 1;
    }

    @Override
    public void exchange(HttpExchange exchange) {
      tell(this, exchange);
    }

    @Override
    public void lost() {
      unread++;
    }

    @Override
    public boolean mayBeLost(long sinceNanos) {
      return losses.mayBeSince(sinceNanos, recordNanos);
    }
  }

  private static Segment segment(Way way, TraceRecord record) {
    ByteBuffer copy =
        record.bytes().slice(record.base() + TraceRows.BYTES.size(), record.u32("captured_bytes"));
    return new Segment(
        way,
        record.u64("position"),
        Integer.toUnsignedLong(record.u32("length_bytes")),
        copy,
        record.u64("time_ns"),
        (record.u32("flags") & TraceRows.BYTES_REDIRECTED) != 0);
  }

  @Override
  public void begin(TraceReader reader) {
    // requests that were under way are not told
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> all) {
    readers = all;
    TraceRecord record = new TraceRecord(TraceRows.BYTES, bytes);
    recordNanos = record.u64("time_ns");
    long number = record.u64("connection");
    Known known = conversations.get(number);
    if (known == null) {
      if ((record.u32("flags") & TraceRows.BYTES_END) != 0) {
        return;
      }
      known = new Known(record);
      conversations.put(number, known);
    }
    known.take(record);
    keptBytes += known.grown();
    if (known.isOver()) {
      forget(number, known);
    }
    forgetOldest();
  }

  private void forget(long number, Known known) {
    conversations.remove(number);
    keptBytes -= known.keptBytes;
  }

  private void forgetOldest() {
    while (conversations.size() > CONVERSATIONS_MAX || keptBytes > KEPT_BYTES_MAX) {
      Map.Entry<Long, Known> oldest = conversations.entrySet().iterator().next();
      untracked += oldest.getValue().conversation.isMissed() ? 1 : 0;
      forget(oldest.getKey(), oldest.getValue());
    }
  }

  private void tell(Known known, HttpExchange exchange) {
    long begin = exchange.timing().beginNanos();
    List<TraceReader> wanting = new ArrayList<>();
    for (TraceReader reader : readers) {
      if (reader.gets(known.readerBits, begin)) {
        counts.addMatched().accept(reader.place());
        wanting.add(reader);
      }
    }
    if (wanting.isEmpty() || !rate.permits(known.cgroup, exchange.timing().lastNanos())) {
      return;
    }
    String template = templates.of(Owner.of(known.subject.place()), exchange.request().path());
    for (TraceReader reader : wanting) {
      boolean raw = reader.query().paths() == TraceQuery.Paths.RAW;
      reader.offer(
          new TraceEvent.Http(
              translation.time().of(begin),
              known.subject,
              raw ? exchange : exchange.withPath(template),
              known.layer));
    }
  }

  @Override
  public void tell(TraceReader reader, long now) {
    // an exchange is told when it is over
  }

  @Override
  public void tellLast(TraceReader reader) {
    // what is under way is not told
  }

  @Override
  public long shed() {
    return rate.shed();
  }

  @Override
  public long untracked() {
    return untracked;
  }

  @Override
  public long unread() {
    return unread;
  }

  @Override
  public void refresh() {
    translation.refresh();
    endLeft();
  }

  /**
   * A program that ends need not free its TLS connections, and nobody else tells their end. Of one
   * that has just ended records may wait still.
   */
  private void endLeft() {
    Set<Integer> ended = new HashSet<>();
    for (Known known : conversations.values()) {
      if (known.layer == TraceEvent.Http.Layer.TLS) {
        ended.add(known.subject.actor().pid());
      }
    }
    ended.removeIf(pid -> ProcessHandle.of(pid).isPresent());
    endedBefore.retainAll(ended);
    Map<Long, Known> left = new HashMap<>();
    conversations.forEach(
        (number, known) -> {
          if (known.isOf(endedBefore)) {
            left.put(number, known);
          }
        });
    left.forEach(
        (number, known) -> {
          known.end();
          forget(number, known);
        });
    endedBefore.clear();
    endedBefore.addAll(ended);
  }
}
