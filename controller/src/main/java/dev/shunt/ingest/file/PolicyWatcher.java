package dev.shunt.ingest.file;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the policy files again when they change, also when the folder appears later.
 *
 * <p>File system events tell at once; a look every 5 s finds what they miss (network file systems,
 * linked files, a folder that was replaced). The listener is called on the watcher's own thread,
 * once per change of the result. Close stops the thread; the listener is not called after that.
 */
public final class PolicyWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatcher.class);
  private static final Duration RESCAN = Duration.ofSeconds(5);
  private static final Duration DEBOUNCE = Duration.ofMillis(100);
  private static final long CLOSE_MILLIS = 2000;

  private final PolicyDirectory directory;
  private final Consumer<PolicySet> listener;
  private final LongSupplier nanoTime;
  private final ReloadSchedule schedule;
  private final @Nullable WatchService events;
  private final Thread thread;
  private PolicySet published;
  private volatile boolean closed;

  private PolicyWatcher(
      PolicyDirectory directory,
      PolicySet published,
      Consumer<PolicySet> listener,
      Duration rescan,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.published = published;
    this.listener = listener;
    this.nanoTime = nanoTime;
    this.schedule = new ReloadSchedule(rescan.toNanos(), DEBOUNCE.toNanos(), nanoTime.getAsLong());
    this.events = newWatchService();
    this.thread = new Thread(this::run, "policy-watcher");
    thread.setDaemon(true);
  }

  /**
   * Starts watching.
   *
   * @param directory that the caller loaded and does not touch from now on
   * @param published what that load gave
   * @param listener called with each later result that differs; must not block for long
   */
  public static PolicyWatcher start(
      PolicyDirectory directory, PolicySet published, Consumer<PolicySet> listener) {
    return start(directory, published, listener, RESCAN);
  }

  static PolicyWatcher start(
      PolicyDirectory directory,
      PolicySet published,
      Consumer<PolicySet> listener,
      Duration rescan) {
    PolicyWatcher watcher =
        new PolicyWatcher(directory, published, listener, rescan, System::nanoTime);
    watcher.thread.start();
    return watcher;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (Thread.currentThread() != thread) {
        thread.join(CLOSE_MILLIS);
      }
      if (events != null) {
        events.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("close watch of {} failed: {}; going on", directory.path(), e.getMessage());
    }
  }

  private void run() {
    try {
      while (!closed) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void turn() throws InterruptedException {
    long now = nanoTime.getAsLong();
    if (schedule.rescanDue(now)) {
      register();
      if (directory.changed()) {
        schedule.found(now);
      }
      schedule.rescanned(now);
    }
    if (schedule.loadDue(now)) {
      schedule.loaded();
      load();
    }
    if (awaitEvent(schedule.waitNanos(nanoTime.getAsLong()))) {
      schedule.touched(nanoTime.getAsLong());
    }
  }

  private void load() {
    PolicySet loaded = directory.load();
    if (closed || loaded.equals(published)) {
      return;
    }
    published = loaded;
    try {
      listener.accept(loaded);
    } catch (RuntimeException e) {
      LOG.error("apply policies of {} failed; waiting for the next change", directory.path(), e);
    }
  }

  private boolean awaitEvent(long nanos) throws InterruptedException {
    if (events == null) {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return false;
    }
    WatchKey key = events.poll(nanos, TimeUnit.NANOSECONDS);
    if (key == null) {
      return false;
    }
    key.pollEvents();
    key.reset();
    return true;
  }

  private @Nullable WatchService newWatchService() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      LOG.warn(
          "watch {} failed: {}; looking every {} s instead",
          directory.path(),
          e.getMessage(),
          RESCAN.toSeconds());
      return null;
    }
  }

  /** Registering a folder again is free; a folder that was replaced needs it. */
  private void register() {
    Path path = directory.path();
    if (events == null || !Files.isDirectory(path)) {
      return;
    }
    try {
      path.register(
          events,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException e) {
      LOG.debug("watch {} failed: {}; looking again", path, e.getMessage());
    }
  }
}
