package dev.shunt.agent.trace;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module that is attached, and the thread that reads its ring for all its readers. {@link #add}
 * from any thread; all else on its own.
 */
final class TraceSession {
  private static final Logger LOG = LoggerFactory.getLogger(TraceSession.class);
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TraceProgram program;
  private final OpenTrace trace;
  private final TraceTelling telling;
  private final BadRecords bad;
  private final Predicate<TraceSession> retire;
  private final List<TraceReader> readers = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean running = true;
  private boolean finished;
  private long nextTotals = System.nanoTime();

  /**
   * Takes over an attached module.
   *
   * @param retire asked when no reader is left: true, and nobody comes any more
   */
  TraceSession(
      TraceProgram program,
      OpenTrace trace,
      TraceNames names,
      RedirectedTraffic redirected,
      Predicate<TraceSession> retire) {
    this.program = program;
    this.trace = trace;
    this.retire = retire;
    bad = new BadRecords(program.module(), System::nanoTime);
    telling = telling(new TraceTranslation(names), redirected);
    thread = new Thread(this::run, "shunt-trace-" + program.module());
    thread.setDaemon(true);
  }

  private TraceTelling telling(TraceTranslation translation, RedirectedTraffic redirected) {
    return switch (program) {
      case CONNECT, STATES, FASTOPEN -> new RowTelling(program, translation);
      case RTT -> new RoundTripTelling(trace, translation, redirected, bad);
      case PROFILE -> new ProfileTelling(translation, bad);
      case HTTP -> new HttpTelling(HttpCounts.of(trace), translation, bad);
      case HTTP_TLS ->
          new CodeTelling(
              new HttpTelling(HttpCounts.of(trace), translation, bad),
              CodeFollower.of(CodeKind.TLS, trace.probes()));
      case TLS ->
          new CodeTelling(
              new TlsTelling(trace, translation, bad),
              CodeFollower.of(CodeKind.TLS, trace.probes()));
      case JVM ->
          new CodeTelling(
              new CollectionTelling(trace, translation, bad),
              CodeFollower.of(CodeKind.JVM, trace.probes()));
    };
  }

  TraceProgram program() {
    return program;
  }

  /** Begins. */
  void start() {
    thread.start();
  }

  /**
   * Takes a reader; empty when there is no place for it. One thread at a time. The session goes on
   * while the reader's telling begins, which may take a second.
   *
   * @throws IllegalStateException it has just come to its end
   */
  Optional<TraceReader> add(TraceQuery query, TraceTarget target, TraceSink sink) {
    OptionalInt place = claim(target);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    TraceReader reader = new TraceReader(query, target, sink, place.getAsInt());
    boolean joined = false;
    try {
      telling.begin(reader);
      join(reader);
      joined = true;
    } finally {
      if (!joined) {
        release(reader);
      }
    }
    return Optional.of(reader);
  }

  /**
   * Says where a reader that chooses sees anything. Any thread.
   *
   * @throws IllegalStateException it has come to its end
   * @throws dev.shunt.datapath.libbpf.BpfException the kernel has no room for all of it
   */
  synchronized void choose(TraceReader reader, Map<Long, Integer> percents) {
    checkNotFinished();
    if (!readers.contains(reader)) {
      throw new IllegalStateException("trace " + program.module() + " has ended");
    }
    reader.target().choose(percents.keySet());
    trace.choose(reader.place(), percents);
  }

  private synchronized OptionalInt claim(TraceTarget target) {
    checkNotFinished();
    return trace.claim(target.row());
  }

  private synchronized void join(TraceReader reader) {
    checkNotFinished();
    reader.joins(missing());
    reader.offer(totals(reader, ""));
    readers.add(reader);
  }

  private synchronized void release(TraceReader reader) {
    if (!finished) {
      trace.release(reader.place());
    }
  }

  private void checkNotFinished() {
    if (finished) {
      throw new IllegalStateException("trace " + program.module() + " is ending; ask again");
    }
  }

  /** Detaches a module that was never started. */
  void discard() {
    telling.close();
    trace.close();
  }

  boolean isUnread() {
    return readers.isEmpty();
  }

  private MissingRows missing() {
    return new MissingRows(
        trace.lost(),
        trace.count("shed") + telling.shed(),
        trace.count("untracked") + telling.untracked(),
        telling.unread() + bad.count());
  }

  private TraceEvent totals(TraceReader reader, String ended) {
    MissingRows missing = reader.missing(missing());
    return new TraceEvent.Totals(
        trace.hook(),
        trace.matched(reader.place()),
        missing.lost(),
        missing.shed(),
        missing.untracked(),
        missing.unread(),
        reader.skipped(),
        trace.unsampled(reader.place()),
        ended);
  }

  private void run() {
    try (trace;
        telling) {
      read();
    } finally {
      LOG.info("trace {} is detached", program.module());
    }
  }

  /** Nothing touches the module any more when this has finished. */
  private void read() {
    try (RingBufferReader ring = new RingBufferReader(trace.ring(), this::onRecord)) {
      while (running) {
        ring.poll(WAIT);
        look(ring);
        if (readers.isEmpty() && retire.test(this)) {
          running = false;
        }
      }
    } catch (RuntimeException failed) {
      LOG.warn("read trace {} failed: {}; it is closed", program.module(), failed.toString());
    } finally {
      finish();
    }
  }

  /** Readers that are left have not asked for the end. */
  private void finish() {
    synchronized (this) {
      finished = true;
      for (TraceReader reader : readers) {
        reader.end(
            new TraceEvent.Totals(
                trace.hook(), 0, 0, 0, reader.skipped(), "the node ended the trace"));
      }
      readers.clear();
    }
    boolean unused = retire.test(this); // nobody is left: it is let go
  }

  private void onRecord(ByteBuffer bytes) {
    boolean unused = bad.read("a record", () -> telling.record(bytes, readers));
  }

  private void look(RingBufferReader ring) {
    long now = System.nanoTime();
    boolean tells = now - nextTotals >= 0;
    if (tells) {
      nextTotals = now + SECOND.toNanos();
      telling.refresh();
    }
    for (TraceReader reader : readers) {
      reader.flush();
      String gone = tells ? reader.target().gone() : "";
      if (reader.hasLeft() || reader.isOver(now) || !gone.isEmpty()) {
        ring.drain();
        telling.settle();
        remove(reader, gone);
      } else {
        tellRegularly(reader, tells, now);
      }
    }
  }

  private void tellRegularly(TraceReader reader, boolean tells, long now) {
    telling.tell(reader, now);
    if (tells) {
      reader.offer(totals(reader, ""));
    }
  }

  /** Any more of it comes after its last words, which is why its place is taken back first. */
  private synchronized void remove(TraceReader reader, String ended) {
    TraceEvent last = totals(reader, ended);
    trace.release(reader.place());
    readers.remove(reader);
    telling.tellLast(reader);
    reader.end(last);
  }

  /** Ends every reader and waits until the module has left the kernel. Any other thread. */
  void stop() {
    running = false;
    try {
      thread.join(Duration.ofSeconds(2).toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
