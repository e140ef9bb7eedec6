package dev.shunt.publish.otlp;

import dev.shunt.observe.telemetry.TelemetryFamily;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the export of one signal goes: when it may be tried again, and what the log says of it, which
 * is a line when it begins to fail and one when it works again. An export is one call or several.
 * One thread.
 */
final class SignalState {
  private static final Logger LOG = LoggerFactory.getLogger(SignalState.class);

  private final String signal;
  private final OtlpEndpoint endpoint;
  private final TelemetryMetrics metrics;
  private final RetryPause pause;
  private long nextNanos = System.nanoTime();
  private boolean isFailing;
  private boolean isAway;

  SignalState(
      String signal, OtlpEndpoint endpoint, TelemetryMetrics metrics, RandomGenerator random) {
    this.signal = signal;
    this.endpoint = endpoint;
    this.metrics = metrics;
    pause = new RetryPause(random);
  }

  /** When it may be tried, on the clock of {@link System#nanoTime}. */
  long nextNanos() {
    return nextNanos;
  }

  boolean isDue() {
    return System.nanoTime() - nextNanos >= 0;
  }

  /** Whether the last export is to be made again. */
  boolean isAway() {
    return isAway;
  }

  /** Not before so long. */
  void waitFor(Duration duration) {
    nextNanos = System.nanoTime() + duration.toNanos();
  }

  /** Counts a call. */
  void called(SendResult result) {
    String outcome =
        switch (result.outcome()) {
          case TAKEN -> "taken";
          case LATER, SILENT -> "later";
          case REFUSED -> "refused";
        };
    metrics.count(TelemetryFamily.OTLP_EXPORTS, 1, signal, outcome);
  }

  /** Takes what became of an export: of its calls the worst. */
  void told(SendResult result) {
    isAway =
        switch (result.outcome()) {
          case LATER, SILENT -> true;
          case TAKEN, REFUSED -> false;
        };
    switch (result.outcome()) {
      case TAKEN -> taken(result);
      case LATER, SILENT -> {
        waitFor(pause.next());
        failed(result.cause(), "it is tried again, with pauses of up to 30 s");
      }
      case REFUSED -> failed(result.cause(), "what was refused is dropped");
    }
  }

  private void taken(SendResult result) {
    pause.reset();
    if (result.rejected() > 0) {
      failed(result.rejected() + " of them: " + result.cause(), "what was refused is dropped");
    } else if (isFailing) {
      isFailing = false;
      LOG.info("export {} to {} works again", signal, endpoint);
    }
  }

  private void failed(String cause, String next) {
    if (!isFailing) {
      LOG.warn("export {} to {} failed: {}; {}", signal, endpoint, cause, next);
    }
    isFailing = true;
  }
}
