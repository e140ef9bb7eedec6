package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.CliProcess;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code shunt trace} ends: real signals and pipes, a real node. */
class TraceProcessIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final long END_MILLIS = 10_000;
  private static final int INTERRUPTED = 130;
  private static final Duration BUSY = Duration.ofMillis(600);

  @TempDir private Path home;

  private NodePlace place;
  private NodeProcess node;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    place = NodePlace.make(home, "trace-process-it-" + ProcessHandle.current().pid());
    node = place.start("node", "--netns", "host", "--metrics-port", "0");
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    place.remove();
  }

  private CliProcess trace(String... words) throws IOException {
    CliProcess command = CliProcess.start(home, Path.of(place.socket()), words);
    Await.until("the trace", () -> command.err().contains("is attached") || !command.isAlive());
    return command;
  }

  private static void connect(ServerSocket server) throws IOException {
    try (Socket client = new Socket()) {
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }
  }

  @Test
  void trace_whoseReaderHasGone_leavesTheKernel() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        CliProcess command = trace("trace", "states")) {
      assertThat(command.line()).startsWith("TIME ");
      command.closeOutput();
      connect(server);

      assertThat(command.exit(END_MILLIS)).as(command.err()).isZero();
      assertThat(node.await(() -> HeldModules.of(node.pid()).isEmpty(), LIMIT)).isTrue();
    }
  }

  @Test
  void trace_interrupted_hasAllThatWasSeenUntilThen() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(server.getLocalPort());
      try (CliProcess command = trace("trace", "connect", "--port", port, "-o", "ndjson")) {
        for (int i = 0; i < 3; i++) {
          connect(server);
        }
        command.signal("INT");

        assertThat(command.rest()).hasSize(3);
        assertThat(command.exit(END_MILLIS)).isEqualTo(INTERRUPTED);
        assertThat(command.err()).contains("shunt: 3 matched, none is missing");
      }
    }
  }

  /** Shorter than a second, after which a profile is told. */
  @Test
  void profile_interrupted_hasTheSamplesUntilThen() throws Exception {
    Path file = home.resolve("flame.svg");
    String pid = Long.toString(ProcessHandle.current().pid());
    try (CliProcess command = trace("trace", "profile", "--pid", pid, "--flame", file.toString())) {
      burn();
      command.signal("INT");

      assertThat(command.exit(END_MILLIS)).isEqualTo(INTERRUPTED);
      Matcher wrote = Pattern.compile("wrote \\S+, (\\d+) samples").matcher(command.err());
      assertThat(wrote.find()).as(command.err()).isTrue();
      assertThat(Integer.parseInt(wrote.group(1)))
          .as("at 99 a second")
          .isGreaterThan((int) (BUSY.toMillis() * 99 / 1000 / 2));
      assertThat(Files.readString(file)).endsWith("</svg>\n");
    }
  }

  /** Uses a CPU for some time. */
  private static void burn() {
    long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    while (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin < BUSY.toNanos()) {
      Thread.onSpinWait();
    }
  }
}
