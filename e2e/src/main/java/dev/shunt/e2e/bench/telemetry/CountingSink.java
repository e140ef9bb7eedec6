package dev.shunt.e2e.bench.telemetry;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import java.time.Duration;

/** A reader that keeps the sums only. Thread-safe. */
final class CountingSink implements TraceSink {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private volatile boolean ended;
  private volatile long matched;
  private volatile long shed;

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean hasLeft() {
    return false;
  }

  @Override
  public void event(TraceEvent event) {
    if (event instanceof TraceEvent.Totals totals) {
      matched = totals.matched();
      shed = totals.shed();
    }
  }

  @Override
  public void end() {
    ended = true;
  }

  long matched() {
    return matched;
  }

  long shed() {
    return shed;
  }

  /** Whether the module is not read any more. */
  boolean isEnded() {
    return ended;
  }

  /** Waits until the module has told the last sums. */
  void awaitEnd() {
    if (!Await.until(() -> ended, LIMIT)) {
      throw new SceneException("end trace failed: the module still reads");
    }
  }
}
