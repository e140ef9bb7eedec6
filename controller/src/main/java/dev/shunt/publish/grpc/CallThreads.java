package dev.shunt.publish.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer calls. Owned by {@link NodeServer}, which closes it. All are daemons and
 * none exists while nobody calls, but for the ticker.
 */
final class CallThreads implements AutoCloseable {
  /** Calls take milliseconds and come from people and scrapers; more threads only cost memory. */
  private static final int CALLS_MAX = 4;

  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor calls = pool(CALLS_MAX, "grpc-call");
  private final ThreadPoolExecutor selfTests = pool(1, "grpc-selftest");
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(daemons("grpc-ticker"));

  /** Where a NodeView may be called. */
  Executor calls() {
    return calls;
  }

  /** One thread of its own for what takes seconds. */
  ExecutorService selfTests() {
    return selfTests;
  }

  /** For timing only; hands its work to {@link #calls}. */
  ScheduledExecutorService ticker() {
    return ticker;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    calls.shutdown();
    selfTests.shutdown();
  }

  private static ThreadPoolExecutor pool(int threads, String name) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
