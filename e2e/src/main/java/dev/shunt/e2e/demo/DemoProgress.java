package dev.shunt.e2e.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells a person what the demo does, one line at a time, never on standard output. The demo's
 * thread and its shutdown hook.
 */
final class DemoProgress {
  private final PrintWriter err;

  DemoProgress(PrintWriter err) {
    this.err = err;
  }

  /** Announces what happens next. */
  void phase(String text) {
    err.println("demo: " + text);
    err.flush();
  }

  /** Says in one line why the demo ended without a result, and what else went wrong. */
  void failure(Exception cause) {
    phase(String.valueOf(cause.getMessage()));
    for (Throwable also : cause.getSuppressed()) {
      phase("also: " + also.getMessage());
    }
  }

  /** Shows the numbers of one finished round. */
  void round(int number, int of, DemoRound round) {
    phase(
        String.format(
            Locale.ROOT,
            "round %d/%d  plain %,6.0f req/s, p50 %,5d us   accelerated %,6.0f req/s, p50 %,5d us"
                + "   requests %.2fx, CPU %.2fx",
            number,
            of,
            round.plain().requestsPerSecond(),
            round.plain().p50Micros(),
            round.accelerated().requestsPerSecond(),
            round.accelerated().p50Micros(),
            round.ratioRequests(),
            round.ratioCpu()));
  }
}
