package dev.shunt.e2e.verify.cluster;

import dev.shunt.e2e.cluster.NamespaceSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * HTTP requests to a Service from a node's namespace, on a few connections that stay, each answer
 * compared. It is not tried again: what is lost is seen. Made by one thread; {@link #close} ends
 * it.
 */
final class MeshLoad implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int PAUSE_MILLIS = 5;
  private static final int KEPT_ERRORS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final NamespaceSockets sockets;
  private final String url;
  private final String expected;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

  /**
   * Begins.
   *
   * @param namespace that requests come from
   * @param expected body of each answer
   */
  MeshLoad(String namespace, String url, String expected) {
    sockets = new NamespaceSockets(namespace);
    this.url = url;
    this.expected = expected;
    for (int i = 0; i < CONNECTIONS; i++) {
      Thread thread = new Thread(this::run, "mesh-load-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void run() {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .socketFactory(sockets)
            .connectionPool(new ConnectionPool(1, 5, TimeUnit.MINUTES))
            .retryOnConnectionFailure(false)
            .callTimeout(LIMIT)
            .build();
    Request request = new Request.Builder().url(url).build();
    while (!closed.get()) {
      try (Response response = client.newCall(request).execute()) {
        String body = response.body().string();
        if (response.code() == 200 && body.equals(expected)) {
          answers.incrementAndGet();
        } else {
          fail("HTTP " + response.code() + ": " + body);
        }
      } catch (IOException e) {
        if (!closed.get()) {
          fail(String.valueOf(e));
        }
      }
      pause();
    }
    client.connectionPool().evictAll();
  }

  private void fail(String what) {
    failures.incrementAndGet();
    if (errors.size() < KEPT_ERRORS) {
      errors.add(what);
    }
  }

  /** Paces the load: it is to be there, not to fill the machine. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Right answers so far. */
  long answers() {
    return answers.get();
  }

  /** Requests without the right answer so far. */
  long failures() {
    return failures.get();
  }

  /** The first of them. */
  String errors() {
    return String.join("; ", errors);
  }

  @Override
  public void close() {
    closed.set(true);
    for (Thread thread : threads) {
      try {
        thread.join(LIMIT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    sockets.close();
  }
}
