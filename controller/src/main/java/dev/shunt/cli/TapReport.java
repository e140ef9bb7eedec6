package dev.shunt.cli;

import com.google.protobuf.Duration;
import dev.shunt.v1.TapEvent;
import dev.shunt.v1.TapPiece;
import dev.shunt.v1.TapTotals;
import dev.shunt.v1.WatchTapRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;

/** A tap for people, for scripts, or into a file. Not thread safe. */
final class TapReport {
  private static final long NANOS = 1_000_000_000L;

  private final Output out;
  private final PrintWriter progress;
  private final WatchTapRequest request;
  private final String file;
  private TapTotals totals = TapTotals.getDefaultInstance();
  private long messages;
  private long bytes;
  private boolean open;

  /** Which messages; 0 and empty match any. */
  record Filter(int port, long cookie, String namespace, String cgroup, String executable) {}

  /** How much of them. */
  record Volume(int sample, int snapBytes, int bufferBytes) {}

  /** What is asked for; 0 seconds: without end. */
  record Wish(Filter filter, Volume volume, double seconds) {
    WatchTapRequest request() {
      WatchTapRequest.Builder request =
          WatchTapRequest.newBuilder()
              .setPort(filter.port())
              .setCookie(filter.cookie())
              .setNamespace(filter.namespace())
              .setCgroup(filter.cgroup())
              .setExecutable(filter.executable())
              .setSample(volume.sample())
              .setSnapBytes(volume.snapBytes())
              .setBufferBytes(volume.bufferBytes());
      if (seconds > 0) {
        long nanos = (long) Math.min(seconds * NANOS, Long.MAX_VALUE);
        request.setDuration(
            Duration.newBuilder().setSeconds(nanos / NANOS).setNanos((int) (nanos % NANOS)));
      }
      return request.build();
    }
  }

  /**
   * Prepares it.
   *
   * @param file to write; {@code -} for standard output, empty to print
   */
  TapReport(Output out, CommandSpec spec, Wish wish, String file) {
    this.out = out;
    this.request = wish.request();
    this.file = file;
    progress = spec.commandLine().getErr();
  }

  int write(NodeSession session) {
    Interruption interruption = new Interruption();
    try (CancellableContext call = Context.current().withCancellation()) {
      interruption.ends(call);
      call.run(() -> follow(session, interruption));
    } catch (UncheckedIOException failed) {
      if (file.equals("-") && StandardOutput.isUnread(Objects.requireNonNull(failed.getCause()))) {
        return ExitCode.OK;
      }
      throw new CannotRunException(
          "write %s failed: %s; the tap is closed".formatted(target(), cause(failed)), failed);
    } finally {
      interruption.done();
    }
    return ExitCode.OK;
  }

  private String target() {
    return file.isEmpty() || file.equals("-") ? "standard output" : file;
  }

  private static String cause(UncheckedIOException failed) {
    IOException cause = Objects.requireNonNull(failed.getCause());
    return cause instanceof NoSuchFileException
        ? "no such directory (ENOENT/2)"
        : String.valueOf(cause.getMessage());
  }

  private void follow(NodeSession session, Interruption interruption) {
    try {
      Iterator<TapEvent> events = session.tap().watch(request);
      if (events.hasNext()) { // else it was refused: a file that is there stays as it is
        record(events);
      }
    } catch (StatusRuntimeException failed) {
      if (!interruption.happened()) {
        throw failed;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void record(Iterator<TapEvent> events) throws IOException {
    try (TapOutput output = file.isEmpty() ? new TapLines(out) : TapFile.create(file)) {
      boolean wanted = true;
      try {
        while (wanted && events.hasNext()) {
          wanted = take(events.next(), output);
        }
      } finally {
        output.finish(totals);
        if (wanted) {
          tellTotals();
        }
      }
    }
  }

  private boolean take(TapEvent event, TapOutput output) throws IOException {
    if (event.hasTotals()) {
      totals = event.getTotals();
      tellOpen();
      return output.totals(totals);
    }
    count(event.getPiece());
    return output.piece(event.getPiece());
  }

  /** The node's totals come once a second: an interruption must not show older ones. */
  private void count(TapPiece piece) {
    if (piece.getOffsetBytes() == 0) {
      messages++;
      bytes += Integer.toUnsignedLong(piece.getMessageBytes());
    }
    totals =
        totals.toBuilder()
            .setLostMessages(Math.max(totals.getLostMessages(), piece.getLostMessages()))
            .setMessages(Math.max(totals.getMessages(), messages))
            .setBytes(Math.max(totals.getBytes(), bytes))
            .build();
  }

  private void tellOpen() {
    if (!open) {
      open = true;
      progress.println("shunt: tap is open; Ctrl-C ends it");
      progress.flush();
    }
  }

  private void tellTotals() {
    if (!open) {
      return;
    }
    String sampled =
        totals.getSampledOut() == 0
            ? ""
            : "; %s messages of connections left out by --sample"
                .formatted(Units.count(totals.getSampledOut()));
    progress.println(
        "shunt: %s messages (%s), of which %s lost%s"
            .formatted(
                Units.count(totals.getMessages()),
                Units.bytes(totals.getBytes()),
                Units.count(totals.getLostMessages()),
                sampled));
    progress.flush();
    if (!file.isEmpty() && !out.isText()) {
      Map<String, Object> document = new LinkedHashMap<>(Map.of("file", file));
      document.putAll(MessageTree.of(totals));
      out.result(document, "");
    }
  }
}
