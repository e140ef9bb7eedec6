package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.observe.trace.TcpState;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.publish.grpc.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a socket of which a change was shed. */
class ShedStatesIT {
  /** SYN_SENT, SYN_RECV, and ESTABLISHED of both ends. */
  private static final int OPENING_CHANGES = 4;

  /** FIN_WAIT1, CLOSE_WAIT, FIN_WAIT2, LAST_ACK, and CLOSE of both ends. */
  private static final int CLOSING_CHANGES = 6;

  private final TraceBed bed = new TraceBed(new OpenTrace.Rates(1, 1000));
  private final ServerSocket listener = bed.listen("127.0.0.1");
  private final CollectingSink sink = bed.read(TraceModule.STATES);
  private long matched;

  private List<TraceEvent.StateChange> rows() {
    return sink.all(TraceEvent.StateChange.class);
  }

  private void awaitMatched(int more) {
    matched += more;
    Await.until("all changes", () -> sink.lastTotals().matched() == matched);
    assertThat(rows().size() + sink.lastTotals().shed()).isEqualTo(matched);
  }

  private Socket connect() {
    return bed.netns.call(
        () -> {
          Socket socket = new Socket();
          socket.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort()));
          return socket;
        });
  }

  /** One whose ends became established without that being told. */
  private Socket connectUntold() throws IOException {
    while (true) {
      long begun = TraceBed.second();
      int told = rows().size();
      Socket client = connect();
      awaitMatched(OPENING_CHANGES);
      if (rows().stream().skip(told).noneMatch(row -> row.change().to() == TcpState.ESTABLISHED)) {
        Await.until("the next second", () -> TraceBed.second() > begun + 1);
        return client;
      }
      client.close(); // the second ended meanwhile
      listener.accept().close();
      awaitMatched(CLOSING_CHANGES);
    }
  }

  @Test
  void change_afterOneThatWasShed_isToldInTheNextSecondWithoutTime() throws IOException {
    try (bed;
        listener) {
      Await.until("sums", () -> !sink.all(TraceEvent.Totals.class).isEmpty());
      try (Socket client = connectUntold()) {
        client.shutdownOutput();
        Await.until(
            "the end of the connection",
            () -> rows().stream().anyMatch(row -> row.change().to() == TcpState.FIN_WAIT1));
      }
    }

    TraceEvent.StateChange last = rows().get(rows().size() - 1);
    assertThat(last.change().from()).isEqualTo(TcpState.ESTABLISHED);
    assertThat(last.inState()).isEmpty();
  }
}
