package dev.shunt.cli;

import io.grpc.Context.CancellableContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM as the end of a stream: the node is asked to tell the rest, or else the call
 * is cancelled, and the process waits until what was read is written. A second one ends the process
 * at once. Thread-safe.
 */
final class Interruption {
  private static final long PATIENCE_SECONDS = 2;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "shunt-interruption");
  private volatile boolean happened;
  private volatile @Nullable CancellableContext call;
  private volatile BooleanSupplier rest = () -> false;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The call that it ends. */
  void ends(CancellableContext cancelled) {
    call = cancelled;
  }

  /**
   * How the node is asked for the rest and the end; without, the call is cancelled.
   *
   * @param asked false: it cannot be asked
   */
  void asks(BooleanSupplier asked) {
    rest = asked;
  }

  boolean happened() {
    return happened;
  }

  /** The command has written everything. */
  void done() {
    finished.countDown();
    if (!happened) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException stopping) {
        happened = true; // too late to take it back; it finds nothing to do
      }
    }
  }

  private void interrupt() {
    CancellableContext running = call;
    if (finished.getCount() == 0 || running == null) {
      return;
    }
    happened = true;
    DefaultSignals.restore();
    try {
      if (rest.getAsBoolean() && finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
      running.cancel(null);
      boolean unused = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
