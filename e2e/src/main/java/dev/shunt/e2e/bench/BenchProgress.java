package dev.shunt.e2e.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells a person how far the benchmark is, never on standard output. One thread. */
final class BenchProgress {
  private static final int BAR_WIDTH = 20;

  private final PrintWriter err;
  private final boolean live;
  private String cell = "";

  /**
   * Makes one.
   *
   * @param live whether a line may be rewritten: standard error is a terminal
   */
  BenchProgress(PrintWriter err, boolean live) {
    this.err = err;
    this.live = live;
  }

  void phase(String text) {
    err.println("bench: " + text);
    err.flush();
  }

  /** Says in one line why the benchmark ended without a result, and what else went wrong. */
  void failure(Exception cause) {
    phase(String.valueOf(cause.getMessage()));
    for (Throwable also : cause.getSuppressed()) {
      phase("also: " + also.getMessage());
    }
  }

  void cell(int number, int of, String name) {
    cell = String.format(Locale.ROOT, "%2d/%d %s", number, of, name);
  }

  void round(int number, int of) {
    if (live) {
      int done = BAR_WIDTH * number / of;
      err.printf(
          Locale.ROOT,
          "\r\033[Kbench: %-40s [%s%s] %d/%d",
          cell,
          "#".repeat(done),
          ".".repeat(BAR_WIDTH - done),
          number,
          of);
      err.flush();
    }
  }

  void results(List<CellResult> results) {
    if (live) {
      err.print("\r\033[K");
    }
    for (CellResult result : results) {
      err.printf(
          Locale.ROOT,
          "bench: %-40s %-8s rate %s  p50 %s  CPU %s%n",
          cell,
          result.variant(),
          ratio(result.rate()),
          ratio(result.p50()),
          ratio(result.cpu()));
    }
    err.flush();
  }

  private static String ratio(Optional<Estimate> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.2fx", v.median())).orElse("    -");
  }
}
