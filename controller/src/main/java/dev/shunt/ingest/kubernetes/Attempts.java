package dev.shunt.ingest.kubernetes;

import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attempts at one kind of object: says what fails, once, and when it works again. Thread-safe. */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
  private static final int BODY_MAX = 200;

  private final String what;
  private final Pause pause;
  private String trouble = "";

  Attempts(String what, RandomGenerator random) {
    this.what = what;
    pause = new Pause(random);
  }

  /** One call to the API server. */
  interface Call<T> {
    T run() throws ApiException;
  }

  /** Makes a call, after a pause when the last one failed. */
  <T> T make(String operation, Call<T> call) throws ApiException {
    if (!pause.await()) {
      throw new ApiException("the watch of " + what + " ends");
    }
    try {
      T result = call.run();
      if (pause.succeeded() > 0) {
        tell("");
        LOG.info("{} {}: the API server answers again", operation, what);
      }
      return result;
    } catch (ApiException failed) {
      failed(operation, failed);
      throw failed;
    }
  }

  /** A watch that had begun has failed; one that {@linkplain #end ends} does so too. */
  void failed(String operation, Throwable failure) {
    if (pause.hasEnded()) {
      return;
    }
    pause.failed();
    tell(operation + " " + what + " failed: " + cause(failure));
  }

  private synchronized void tell(String now) {
    if (!now.isEmpty() && !now.equals(trouble)) {
      LOG.warn("{}; keeping what is known, trying again within 30 s", now);
    }
    trouble = now;
  }

  /** What keeps it from knowing; empty when nothing does. */
  synchronized String trouble() {
    return trouble;
  }

  static String cause(Throwable failure) {
    if (failure instanceof ApiException refused && refused.getCode() > 0) {
      String body = refused.getResponseBody();
      String text = body == null ? "" : body.replaceAll("\\s+", " ").strip();
      return "the API server answers "
          + refused.getCode()
          + (text.isEmpty() ? "" : ": " + text.substring(0, Math.min(BODY_MAX, text.length())));
    }
    Throwable root = failure;
    while (root.getCause() != null && !(root instanceof IOException)) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  /** No further attempt. */
  void end() {
    pause.end();
  }
}
