package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connects over a path with a known delay, against the packets that tcpdump sees of them. */
class ConnectPacketsIT {
  private static final Duration DELAY = Duration.ofMillis(20);
  private static final int ESTABLISHED = 10;
  private static final int REFUSED = 5;
  private static final int CLOSED_PORT = 4998;
  private static final int ECONNREFUSED = 111;
  private static final String OWN = "10.9.0.1";

  /** First packets of a client, and what answers them: those of the far end are left out. */
  private static final String FILTER =
      "(src host %s and tcp[tcpflags] == tcp-syn) or (dst host %s and tcp[tcpflags] & tcp-ack != 0"
              .formatted(OWN, OWN)
          + " and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0)";

  private static final Pattern PACKET =
      Pattern.compile(
          "([0-9.]+) IP [0-9.]+\\.(\\d+) > [0-9.]+\\.(\\d+): Flags \\[([SR])(\\.?)\\].*");

  /** A busy machine stamps packets late. */
  private static final double SLACK_MILLIS = 10;

  private final TraceBed bed = new TraceBed(OpenTrace.Rates.DEFAULT);

  @AfterEach
  void close() {
    bed.close();
  }

  /** A handshake on the wire, by the client's port. */
  private static final class Handshake {
    private double sent;
    private double answered;
    private String answer = "";

    double millis() {
      return (answered - sent) * 1000;
    }
  }

  private TalkingProcess tcpdump() {
    List<String> command =
        List.of(
            "tcpdump",
            "-i",
            "far",
            "-nn",
            "-tt",
            "-l",
            "--immediate-mode",
            "-c",
            Integer.toString(2 * (ESTABLISHED + REFUSED)),
            FILTER);
    TalkingProcess tcpdump = bed.netns.call(() -> new TalkingProcess(command));
    String line = tcpdump.next();
    while (!line.startsWith("listening on")) {
      assertThat(line).isNotEqualTo("null");
      line = tcpdump.next();
    }
    return tcpdump;
  }

  private static Map<Integer, Handshake> handshakes(TalkingProcess tcpdump) {
    Map<Integer, Handshake> handshakes = new HashMap<>();
    for (int i = 0; i < 2 * (ESTABLISHED + REFUSED); i++) {
      Matcher packet = PACKET.matcher(tcpdump.next());
      assertThat(packet.matches()).as(packet.toString()).isTrue();
      boolean isFirst = packet.group(5).isEmpty();
      int port = Integer.parseInt(packet.group(isFirst ? 2 : 3));
      Handshake handshake = handshakes.computeIfAbsent(port, key -> new Handshake());
      if (isFirst) {
        handshake.sent = Double.parseDouble(packet.group(1));
      } else {
        handshake.answered = Double.parseDouble(packet.group(1));
        handshake.answer = packet.group(4);
      }
    }
    return handshakes;
  }

  @Test
  void connects_overADelayedPath_areWhatTcpdumpSees() throws IOException {
    bed.delay(DELAY);
    CollectingSink sink = bed.read(TraceModule.CONNECT);
    Map<Integer, Handshake> seen;
    try (TalkingProcess tcpdump = tcpdump();
        ServerSocket listener = bed.listen("0.0.0.0")) {
      for (int i = 0; i < ESTABLISHED; i++) {
        bed.tryConnect(DelayedPath.IPV4, listener.getLocalPort(), TraceBed.LIMIT);
      }
      for (int i = 0; i < REFUSED; i++) {
        bed.tryConnect(DelayedPath.IPV4, CLOSED_PORT, TraceBed.LIMIT);
      }
      seen = handshakes(tcpdump);
    }
    int all = ESTABLISHED + REFUSED;
    Await.until("rows", () -> sink.all(TraceEvent.Connect.class).size() >= all);

    assertThat(seen).hasSize(all);
    assertThat(sink.all(TraceEvent.Connect.class)).hasSize(all);
    for (TraceEvent.Connect row : sink.all(TraceEvent.Connect.class)) {
      int port = row.subject().local().getPort();
      assertThat(seen).as("packets of %s", row).containsKey(port);
      Handshake handshake = Objects.requireNonNull(seen.get(port));
      assertThat(row.outcome())
          .isEqualTo(
              handshake.answer.equals("S")
                  ? new TraceEvent.ConnectOutcome(true, 0)
                  : new TraceEvent.ConnectOutcome(false, ECONNREFUSED));
      assertThat(Math.abs(row.latency().toNanos() / 1e6 - handshake.millis()))
          .as("%s, and %s ms on the wire", row.latency(), handshake.millis())
          .isLessThan(SLACK_MILLIS);
    }
  }
}
