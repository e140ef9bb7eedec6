package dev.shunt.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT. The JVM ends when its shutdown hooks return, with 128 + the signal's number:
 * this one waits for the node's stop, and gives a clean one the exit code of success. Installed
 * before anything is attached, so that a signal during the start cannot leave half of it behind.
 *
 * <p>The main thread installs it, waits on it and closes it when everything is undone.
 */
public final class StopSignal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);

  /** A start that must end first, then a drain. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int exitCode = ExitCode.CANNOT_RUN;

  private StopSignal() {}

  /** Installs it; the JVM waits for {@link #close} from now on. */
  public static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::onSignal, "shunt-stop"));
    return signal;
  }

  private void onSignal() {
    asked.countDown();
    try {
      if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("stop took longer than {} s; leaving", PATIENCE.toSeconds());
      } else if (exitCode == ExitCode.OK) {
        Runtime.getRuntime().halt(ExitCode.OK);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** True once a signal has come. */
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits for a signal. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** The node stopped as it should; without this the process does not end with success. */
  public void stoppedCleanly() {
    exitCode = ExitCode.OK;
  }

  @Override
  public void close() {
    done.countDown();
  }
}
