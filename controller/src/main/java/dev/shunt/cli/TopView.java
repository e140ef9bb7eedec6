package dev.shunt.cli;

import com.google.protobuf.Duration;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.WatchStatsRequest;
import java.io.PrintWriter;
import java.util.Iterator;

/**
 * Runs the live view: reads statistics, draws, ends with q or when nobody reads. Not thread safe.
 */
final class TopView {
  private static final long NANOS = 1_000_000_000;

  private final PrintWriter out;
  private final double seconds;
  private final int count;

  /**
   * A view that is not running yet.
   *
   * @param count ends after so many views; 0 means never
   */
  TopView(PrintWriter out, double seconds, int count) {
    this.out = out;
    this.seconds = seconds;
    this.count = count;
  }

  int run(NodeSession session) {
    long nanos = Math.round(seconds * NANOS);
    Iterator<GetStatsResponse> answers =
        session.stream()
            .watchStats(
                WatchStatsRequest.newBuilder()
                    .setInterval(
                        Duration.newBuilder()
                            .setSeconds(nanos / NANOS)
                            .setNanos((int) (nanos % NANOS)))
                    .build());
    if (!Paint.isTerminal(0) || !Paint.isTerminal(1)) {
      return lines(answers);
    }
    try (Terminal terminal = Terminal.open(out)) {
      return screens(answers, terminal);
    }
  }

  private int screens(Iterator<GetStatsResponse> answers, Terminal terminal) {
    GetStatsResponse before = answers.next();
    terminal.draw("shunt top: waiting for the second reading\n");
    int drawn = 0;
    while ((count == 0 || drawn < count) && !terminal.quitWanted() && answers.hasNext()) {
      GetStatsResponse after = answers.next();
      terminal.draw(TopScreen.full(before, after, terminal.lines() - 1));
      before = after;
      drawn++;
    }
    return ExitCode.OK;
  }

  private int lines(Iterator<GetStatsResponse> answers) {
    GetStatsResponse before = answers.next();
    int written = 0;
    while ((count == 0 || written < count) && answers.hasNext()) {
      GetStatsResponse after = answers.next();
      out.print(TopScreen.line(before, after));
      if (out.checkError()) {
        break;
      }
      before = after;
      written++;
    }
    return ExitCode.OK;
  }
}
