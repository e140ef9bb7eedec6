package dev.shunt.publish.otlp;

import dev.shunt.observe.telemetry.TelemetryFamily;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.publish.otlp.SendResult.Outcome;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends metrics and spans of a node to a collector, from a thread of its own. {@link #offer} from
 * any thread; nothing waits for the collector. Closed by the node.
 */
public final class OtlpExporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpExporter.class);
  private static final int BATCH_MAX = 512;
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);

  private final OtlpConfig config;
  private final TelemetryMetrics metrics;
  private final NodeResource node;
  private final SpanQueue queue;
  private final SpanMessages messages;
  private final SignalState spans;
  private final SignalState points;
  private final OtlpConnection connection;
  private final Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private Supplier<MetricSnapshots> source = () -> MetricSnapshots.of();
  private @Nullable ExportTraceServiceRequest batch;
  private long batchSpans;
  private volatile boolean running = true;

  /** When the last calls have to be over, on the clock of {@link System#nanoTime}. */
  private volatile long endNanos;

  /** Whether the source may be gone. Guarded by this. */
  private boolean closed;

  /** Takes requests, and sends nothing yet. */
  public OtlpExporter(OtlpConfig config, NodeResource node, TelemetryMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    this.node = node;
    SplittableRandom random = new SplittableRandom();
    queue = new SpanQueue(config.roots(), metrics);
    messages = new SpanMessages(node, random);
    spans = new SignalState("spans", config.endpoint(), metrics, random);
    points = new SignalState("metrics", config.endpoint(), metrics, random);
    points.waitFor(LINGER); // soon after the start, so that it shows whether it works
    connection = new OtlpConnection(config);
    thread = new Thread(this::run, "shunt-otlp");
    thread.setDaemon(true);
  }

  /**
   * Begins to send; whether the collector can be reached shows in the log.
   *
   * @param metricsNow of the node, asked on the exporter's thread
   */
  public void start(Supplier<MetricSnapshots> metricsNow) {
    source = metricsNow;
    thread.start();
    LOG.info("telemetry is exported to {}", config.endpoint());
  }

  /** Takes a request of HTTP; what finds no room is dropped and counted. */
  public void offer(TraceEvent.Http http) {
    queue.offer(http);
  }

  private void run() {
    while (running) {
      try {
        pass();
      } catch (InterruptedException unasked) {
        end();
      } catch (RuntimeException failed) {
        LOG.warn("export to {} failed: {}; it goes on", config.endpoint(), failed.toString());
        dropBatch("failed");
        points.waitFor(config.interval());
      }
    }
    sayGoodbye();
    connection.close();
  }

  private void end() {
    endNanos = System.nanoTime() + LAST_PATIENCE.toNanos();
    running = false;
  }

  /** How long the next call may take; at the end not longer than what is left. */
  private Duration patience() {
    return running ? PATIENCE : Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
  }

  private boolean isOver() {
    return !running && System.nanoTime() - endNanos >= 0;
  }

  /** Spans that wait must not pay for what cannot be measured. */
  private void tryMetrics() {
    try {
      sendMetrics();
    } catch (RuntimeException failed) {
      LOG.warn("export metrics to {} failed: {}; next time", config.endpoint(), failed.toString());
    }
  }

  private void pass() throws InterruptedException {
    if (points.isDue()) {
      points.waitFor(config.interval());
      tryMetrics();
    }
    if (batch == null) {
      fill(queue.take(BATCH_MAX, Math.max(0, Math.min(LINGER.toNanos(), untilMetrics()))));
    } else if (!spans.isDue()) {
      long untilSpans = spans.nextNanos() - System.nanoTime();
      if (stopped.await(Math.min(untilSpans, untilMetrics()), TimeUnit.NANOSECONDS)) {
        return;
      }
    }
    if (batch != null && spans.isDue()) {
      sendSpans();
    }
  }

  private long untilMetrics() {
    return points.nextNanos() - System.nanoTime();
  }

  private void fill(List<TraceEvent.Http> taken) {
    batchSpans = taken.size();
    batch = taken.isEmpty() ? null : messages.request(taken);
  }

  private void sendSpans() {
    ExportTraceServiceRequest request = batch;
    if (request == null) {
      return;
    }
    SendResult result = connection.send(patience(), (to, call) -> to.spans(request, call));
    spans.called(result);
    spans.told(result);
    if (result.outcome() == Outcome.REFUSED) {
      dropBatch("refused");
    } else if (result.outcome() == Outcome.TAKEN) {
      long rejected = Math.min(result.rejected(), batchSpans);
      metrics.count(TelemetryFamily.OTLP_SPANS_EXPORTED, batchSpans - rejected);
      drop(rejected, "refused");
      batchSpans = 0;
      batch = null;
    }
  }

  private void dropBatch(String cause) {
    drop(batchSpans, cause);
    batchSpans = 0;
    batch = null;
  }

  private void drop(long count, String cause) {
    if (count > 0) {
      metrics.count(TelemetryFamily.OTLP_SPANS_DROPPED, count, cause);
    }
  }

  /**
   * Sums that are not taken now are part of those that come next. Each part has its call, whatever
   * became of the others: one that is never taken would keep those behind it from ever arriving.
   * Only a collector that does not answer is left alone: each part would wait as long.
   */
  private void sendMetrics() {
    SendResult worst = SendResult.TAKEN;
    List<ExportMetricsServiceRequest> requests =
        MetricMessages.requests(snapshot(), node, Instant.now());
    for (ExportMetricsServiceRequest request : requests) {
      if (isOver()) {
        return;
      }
      SendResult result = connection.send(patience(), (to, call) -> to.metrics(request, call));
      points.called(result);
      worst = worst.worse(result);
      if (result.outcome() == Outcome.SILENT) {
        break;
      }
    }
    points.told(worst);
  }

  private synchronized MetricSnapshots snapshot() {
    return closed ? MetricSnapshots.of() : source.get();
  }

  /** What waits gets its calls, and the last sums do, unless the collector is known to be away. */
  private void sayGoodbye() {
    try {
      fillWhenEmpty();
      while (batch != null && !spans.isAway() && !isOver()) {
        sendSpans();
        fillWhenEmpty();
      }
      if (!points.isAway() && !isOver()) {
        tryMetrics();
      }
    } catch (InterruptedException unasked) {
      LOG.debug("the last export was interrupted");
    } finally {
      dropBatch("stopped");
      drop(queue.clear(), "stopped");
    }
  }

  private void fillWhenEmpty() throws InterruptedException {
    if (batch == null) {
      fill(queue.take(BATCH_MAX, 0));
    }
  }

  /** Stops within some two seconds; the metrics are not asked any more when this returns. */
  @Override
  public void close() {
    end();
    stopped.countDown();
    queue.wake();
    try {
      thread.join(LAST_PATIENCE.multipliedBy(2).toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      closed = true;
    }
  }
}
