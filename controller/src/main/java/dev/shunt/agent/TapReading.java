package dev.shunt.agent;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.layout.TapRecord;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.programs.OpenTap;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Side;
import dev.shunt.observe.TapPiece;
import dev.shunt.observe.TapSink;
import dev.shunt.observe.TapTotals;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ring of one tap on a thread of its own and hands pieces to whoever opened it, at the
 * reader's pace: what the reader does not take stays in the ring, and what the ring has no room for
 * is counted there. Ends with its reader, after its time, or by {@link #stop}.
 */
final class TapReading {
  private static final Logger LOG = LoggerFactory.getLogger(TapReading.class);
  private static final Duration WAIT = Duration.ofMillis(250);
  private static final Duration TOTALS = Duration.ofSeconds(1);

  /** How far the two clocks may drift apart before the time of messages jumps. */
  private static final Duration DRIFT = Duration.ofMillis(1);

  private final OpenTap tap;
  private final TapSink sink;
  private final TapConnections connections;
  private final long end;
  private final Consumer<TapReading> whenEnded;
  private final Thread thread;
  private volatile boolean running = true;
  private Instant epoch = epoch();
  private long nextTotals;

  /**
   * Prepares it.
   *
   * @param namespaceName by cookie
   * @param duration zero: for ever
   * @param whenEnded called once, on the thread of the tap
   */
  TapReading(
      OpenTap tap,
      TapSink sink,
      LongFunction<String> namespaceName,
      Duration duration,
      Consumer<TapReading> whenEnded) {
    this.whenEnded = whenEnded;
    this.tap = tap;
    this.sink = sink;
    connections = new TapConnections(namespaceName);
    end = duration.isZero() ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
    nextTotals = System.nanoTime();
    thread = new Thread(this::run, "shunt-tap");
    thread.setDaemon(true);
  }

  /** Begins. */
  void start() {
    thread.start();
  }

  private void run() {
    try (OpenTap open = tap;
        RingBufferReader reader = new RingBufferReader(tap.ring(), this::onRecord)) {
      while (running && !sink.hasLeft() && System.nanoTime() < end) {
        open.keepAlive();
        tellTotals();
        if (sink.isReady()) {
          reader.poll(WAIT, sink::isReady);
        } else {
          sink.await(WAIT);
        }
      }
      if (!sink.hasLeft()) {
        sink.totals(totals());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      LOG.warn("read tap failed: {}; it is closed", failed.toString());
    } finally {
      whenEnded.accept(this);
      sink.end();
    }
  }

  private void tellTotals() {
    if (System.nanoTime() < nextTotals || !sink.isReady()) {
      return;
    }
    nextTotals = System.nanoTime() + TOTALS.toNanos();
    sink.totals(totals());
    Instant now = epoch();
    if (Duration.between(epoch, now).abs().compareTo(DRIFT) > 0) {
      epoch = now; // somebody has set the clock
    }
  }

  /** Wall clock at zero of CLOCK_MONOTONIC, which is System.nanoTime() on Linux. */
  private static Instant epoch() {
    return Instant.now().minusNanos(System.nanoTime());
  }

  private TapTotals totals() {
    return new TapTotals(
        tap.count("messages"),
        tap.count("bytes"),
        tap.count("lost_messages"),
        tap.count("lost_bytes"),
        tap.count("sampled_out"));
  }

  private void onRecord(ByteBuffer bytes) {
    TapRecord record = new TapRecord(bytes);
    if (record.u32("endpoint") == EndpointPoliciesMap.SELF_TEST) {
      return;
    }
    sink.piece(
        new TapPiece(
            epoch.plusNanos(record.u64("time_ns")),
            connections.of(record),
            Side.of(record.u32("side")),
            new TapPiece.Extent(
                record.u32("sequence"),
                record.u32("message_bytes"),
                record.u32("offset_bytes"),
                record.u32("piece_bytes")),
            Reason.of(record.u32("reason")),
            record.payload(),
            record.u64("lost_messages")));
  }

  /** Ends it and waits until the kernel is as before. Any other thread. */
  void stop() {
    running = false;
    try {
      thread.join(4 * WAIT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
