package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.EventType;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Samples;
import dev.shunt.observe.Step;
import dev.shunt.observe.TapPiece;
import dev.shunt.observe.TapSink;
import dev.shunt.observe.TapTotals;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.grpc.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams end when nobody reads them any more: real processes, real pipes. */
class ClosedOutputTest {
  private static final long LIMIT_MILLIS = 5000;
  private static final long PERIOD_MILLIS = 10;
  private static final InetSocketAddress END =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

  @TempDir private Path directory;
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private CliNode cli;

  @BeforeEach
  void start() throws Exception {
    cli = CliNode.start(directory);
    cli.node().setTrace((query, sink) -> background(() -> tell(sink)));
    cli.node().setTap((query, sink) -> background(() -> tell(sink)));
  }

  @AfterEach
  void stop() throws Exception {
    over.countDown();
    cli.close();
  }

  private static void background(Runnable work) {
    Thread thread = new Thread(work, "closed-output-test");
    thread.setDaemon(true);
    thread.start();
  }

  /** False when the test is over. */
  private boolean goesOn() {
    try {
      return !over.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      return false;
    }
  }

  private void tell(TraceSink sink) {
    sink.event(new TraceEvent.Totals("test", 0, 0, 0, 0, ""));
    TraceEvent.Subject subject =
        new TraceEvent.Subject(
            END, END, new TraceEvent.Place("test", "", ""), new TraceEvent.Actor(1, "a"));
    while (goesOn() && !sink.hasLeft()) {
      sink.event(
          new TraceEvent.Connect(
              Instant.EPOCH, subject, Duration.ZERO, new TraceEvent.ConnectOutcome(true, 0)));
    }
    left.countDown();
  }

  private void tell(TapSink sink) {
    sink.totals(new TapTotals(0, 0, 0, 0, 0));
    TapPiece.TapEnd end = new TapPiece.TapEnd(1, "test", END, END);
    while (goesOn() && !sink.hasLeft()) {
      sink.piece(
          new TapPiece(
              Instant.EPOCH,
              new TapPiece.TapConnection(1, end, end),
              dev.shunt.observe.Side.ACTIVE,
              new TapPiece.Extent(1, 5000, 0, 5000),
              Reason.NONE,
              ByteBuffer.allocate(5000),
              0));
    }
    left.countDown();
  }

  private void emit() {
    while (goesOn()) {
      cli.node()
          .emit(
              Samples.event(
                  EventType.OPEN,
                  Samples.connection(
                      7,
                      "127.0.0.1:1",
                      "127.0.0.1:2",
                      Samples.progress(Step.PAIRED, Reason.NONE))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events",
        "events -o json",
        "stats --watch=0.1",
        "stats --watch=0.1 -o ndjson",
        "top --interval=0.1",
        "trace connect",
        "trace connect -o ndjson",
        "tap",
        "tap -o json",
        "tap -w -",
      })
  void stream_whoseReaderHasGone_endsQuietly(String words) throws Exception {
    background(this::emit);
    try (CliProcess command = CliProcess.start(directory, cli.socket(), words.split(" "))) {
      assertThat(command.line()).as(command.err()).isNotNull();
      command.closeOutput();

      assertThat(command.exit(LIMIT_MILLIS)).as(command.err()).isEqualTo(ExitCode.OK);
      assertThat(command.err()).doesNotContain("failed", "Exception", "missing");
      if (words.startsWith("trace") || words.startsWith("tap")) {
        assertThat(left.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS)).as("left the node").isTrue();
      }
    }
  }

  /** What fails to be written is not taken for an end that was wanted. */
  @Test
  void document_onAFullDevice_isAnError() throws Exception {
    Process full =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec \"$@\" > /dev/full",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.shunt.ShuntMain",
                "trace",
                "--socket=" + cli.socket(),
                "connect")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Await.until("the end", () -> !full.isAlive());
      assertThat(full.exitValue()).isEqualTo(ExitCode.CANNOT_RUN);
    } finally {
      full.destroyForcibly();
    }
  }
}
