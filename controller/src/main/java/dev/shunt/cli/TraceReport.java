package dev.shunt.cli;

import dev.shunt.v1.FinishTraceRequest;
import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceModule;
import dev.shunt.v1.TraceTotals;
import dev.shunt.v1.WatchTraceRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** A trace for people and for scripts. Not thread safe. */
final class TraceReport {
  private static final long REST_SECONDS = 1;

  private final Output out;
  private final PrintWriter progress;
  private final WatchTraceRequest request;
  private final TraceRows rows;
  private volatile TraceTotals totals = TraceTotals.getDefaultInstance();
  private final FoldedStacks stacks = new FoldedStacks();
  private final String flameFile;
  private boolean open;

  /** Nobody reads any more. */
  private boolean unread;

  /** The node has told its last word. */
  private boolean complete;

  /**
   * Prepares it.
   *
   * @param flameFile where a profile is drawn; empty: it is not
   */
  TraceReport(Output out, CommandSpec spec, WatchTraceRequest request, String flameFile) {
    this.out = out;
    this.request = request;
    this.flameFile = flameFile;
    rows = new TraceRows(out.paint(), request);
    progress = spec.commandLine().getErr();
  }

  int write(NodeSession session) {
    Interruption interruption = new Interruption();
    try (CancellableContext call = Context.current().withCancellation()) {
      interruption.ends(call);
      interruption.asks(() -> askForTheRest(session));
      call.run(() -> follow(session, interruption));
      tellProfile();
    } finally {
      interruption.done();
    }
    return ExitCode.OK;
  }

  private void follow(NodeSession session, Interruption interruption) {
    try {
      Iterator<TraceEvent> events = session.trace().watch(request);
      while (!unread && !complete) {
        complete = !events.hasNext();
        unread = !complete && !take(events.next());
      }
    } catch (StatusRuntimeException failed) {
      if (!interruption.happened()) {
        throw failed;
      }
    } finally {
      tellTotals();
    }
  }

  /**
   * Asks the node to tell what it has and to end the trace, which {@link #follow} then reads. Any
   * thread.
   */
  private boolean askForTheRest(NodeSession session) {
    long trace = totals.getTrace();
    if (trace == 0) {
      return false; // it is not attached yet, or the node is an older one
    }
    try {
      var unused =
          session
              .trace()
              .withDeadlineAfter(REST_SECONDS, TimeUnit.SECONDS)
              .finish(FinishTraceRequest.newBuilder().setTrace(trace).build());
      return true;
    } catch (StatusRuntimeException refused) {
      return refused.getStatus().getCode() == Status.Code.NOT_FOUND; // it has just ended
    }
  }

  /** False when nobody reads any more. */
  private boolean take(TraceEvent event) {
    if (event.hasTotals()) {
      totals = event.getTotals();
      tellOpen();
      return !out.writer().checkError();
    }
    if (event.hasNotice()) {
      progress.println("shunt: " + Printable.of(event.getNotice().getText()));
      progress.flush();
      return !out.writer().checkError();
    }
    if (event.hasProfile()) {
      stacks.add(event.getProfile());
      return out.isText() ? !out.writer().checkError() : out.item(TraceRows.document(event), "");
    }
    return out.item(
        out.isText() ? Map.of() : TraceRows.document(event), out.isText() ? rows.text(event) : "");
  }

  private void tellOpen() {
    if (open) {
      return;
    }
    open = true;
    progress.println("shunt: trace is attached to " + totals.getHook() + "; Ctrl-C ends it");
    progress.flush();
    if (out.isText()) {
      out.item(Map.of(), rows.heading(request.getModule()));
    }
  }

  /** Folded stacks are of use as a whole only: they come at the end. */
  private void tellProfile() {
    if (!open || unread || request.getModule() != TraceModule.TRACE_MODULE_PROFILE) {
      return;
    }
    if (!flameFile.isEmpty()) {
      draw(Path.of(flameFile));
    } else if (out.isText()) {
      out.item(Map.of(), stacks.text());
    }
  }

  private void draw(Path file) {
    try {
      Files.writeString(file, FlameGraph.svg("CPU, 99 samples a second", stacks.counts()));
      progress.println(
          "shunt: wrote %s, %s samples".formatted(file, Units.count(stacks.samples())));
      progress.flush();
    } catch (IOException failed) {
      throw new CannotRunException(
          "write %s failed: %s; the profile is lost".formatted(file, failed.getMessage()), failed);
    }
  }

  private void tellTotals() {
    if (!open || unread) {
      return;
    }
    if (!totals.getEnded().isEmpty()) {
      progress.println("shunt: the trace ends: " + Printable.of(totals.getEnded()));
    }
    List<String> missing = new ArrayList<>();
    add(missing, totals.getLost(), "lost, the node was too busy");
    add(missing, totals.getShed(), "shed, over the rate of a pod or of the node");
    add(missing, totals.getUntracked(), "not followed, a table was full");
    add(missing, totals.getUnread(), "could not be read");
    add(missing, totals.getSkipped(), "skipped, this command was too slow");
    if (!complete) {
      missing.add("the node did not tell the rest, so the last second is missing");
    }
    progress.println(
        "shunt: %s matched%s"
            .formatted(
                Units.count(totals.getMatched()),
                missing.isEmpty() ? ", none is missing" : "; " + String.join("; ", missing)));
    progress.flush();
  }

  private static void add(List<String> missing, long count, String what) {
    if (count != 0) {
      missing.add(Units.count(count) + " " + what);
    }
  }
}
