package dev.shunt.cli;

import dev.shunt.v1.TraceEvent;
import dev.shunt.v1.TraceModule;
import dev.shunt.v1.TraceTotals;
import dev.shunt.v1.WatchTraceRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** A trace for people and for scripts. Not thread safe. */
final class TraceReport {
  private final Output out;
  private final PrintWriter progress;
  private final WatchTraceRequest request;
  private final TraceRows rows;
  private TraceTotals totals = TraceTotals.getDefaultInstance();
  private final FoldedStacks stacks = new FoldedStacks();
  private final String flameFile;
  private boolean open;

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
      boolean wanted = true;
      while (wanted && events.hasNext()) {
        wanted = take(events.next());
      }
    } catch (StatusRuntimeException failed) {
      if (!interruption.happened()) {
        throw failed;
      }
    } finally {
      tellTotals();
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
    if (!open || request.getModule() != TraceModule.TRACE_MODULE_PROFILE) {
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
    if (!open) {
      return;
    }
    if (!totals.getEnded().isEmpty()) {
      progress.println("shunt: the trace ends: " + Printable.of(totals.getEnded()));
    }
    List<String> missing = new ArrayList<>();
    add(missing, totals.getLost(), "lost, no room in the ring");
    add(missing, totals.getShed(), "shed, over the rate of a pod or of the node");
    add(missing, totals.getUntracked(), "not followed, a table was full");
    add(missing, totals.getSkipped(), "skipped, this command was too slow");
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
