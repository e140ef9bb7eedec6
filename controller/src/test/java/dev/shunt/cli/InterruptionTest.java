package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.publish.grpc.Await;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C at a trace: real processes and signals, a node that answers when the test says so. */
class InterruptionTest {
  private static final int INTERRUPTED = 130;
  private static final long AT_ONCE_MILLIS = 1000;
  private static final long BOUND_MILLIS = 6000;

  @TempDir private Path directory;
  private final CompletableFuture<TraceSink> asked = new CompletableFuture<>();
  private CliNode cli;

  @BeforeEach
  void start() throws Exception {
    cli = CliNode.start(directory);
    cli.node()
        .setTrace(
            (query, reader) -> {
              reader.event(totals(0, 0));
              asked.complete(reader);
            });
  }

  @AfterEach
  void stop() throws Exception {
    cli.close();
  }

  private static TraceEvent totals(long matched, long unread) {
    return new TraceEvent.Totals("test", matched, 0, 0, 0, unread, 0, 0, "");
  }

  private CliProcess interrupted() throws Exception {
    CliProcess command = CliProcess.start(directory, cli.socket(), "trace", "http");
    Await.until("the trace", () -> asked.isDone() && command.err().contains("is attached"));
    command.signal("INT");
    Await.until("the wish for the end", () -> asked.join().isEnough());
    return command;
  }

  @Test
  void interrupt_nodeTellsTheRest_isPrinted() throws Exception {
    try (CliProcess command = interrupted()) {
      asked.join().event(totals(7, 2));
      asked.join().end();

      assertThat(command.exit(BOUND_MILLIS)).isEqualTo(INTERRUPTED);
      assertThat(command.err()).endsWith("shunt: 7 matched; 2 could not be read\n");
    }
  }

  @Test
  void interrupt_nodeTellsNoMore_endsAndSaysSo() throws Exception {
    try (CliProcess command = interrupted()) {
      assertThat(command.exit(BOUND_MILLIS)).isEqualTo(INTERRUPTED);
      assertThat(command.err()).contains("the node did not tell the rest");
      Await.until("the call to be cancelled", () -> asked.join().hasLeft());
    }
  }

  @Test
  void interrupt_again_endsAtOnce() throws Exception {
    try (CliProcess command = interrupted()) {
      command.signal("INT");

      assertThat(command.exit(AT_ONCE_MILLIS)).isEqualTo(INTERRUPTED);
    }
  }
}
