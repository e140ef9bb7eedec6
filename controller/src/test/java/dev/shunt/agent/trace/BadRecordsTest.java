package dev.shunt.agent.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.layout.StructLayout;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.TraceEvent;
import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record that nobody expected costs itself, or its connection, and nothing else. */
class BadRecordsTest {
  private static final int ALL = -1;

  private final TraceTranslation translation = new TraceTranslation(TestNames.NONE);
  private final CollectingSink sink = new CollectingSink();
  private final TraceReader reader = reader(sink);
  private long now = 1;
  private final BadRecords bad = new BadRecords("test", () -> now);

  private static TraceReader reader(CollectingSink sink) {
    TraceQuery query =
        new TraceQuery(
            TraceModule.HTTP,
            new TraceQuery.Filter(0, 0, "", ""),
            Duration.ZERO,
            Duration.ofSeconds(1));
    return new TraceReader(query, TraceTarget.find(query, TestNames.NONE), sink, 0);
  }

  private static ByteBuffer row(StructLayout layout) {
    ByteBuffer row = layout.allocate();
    row.putLong(layout.offset("time_ns"), System.nanoTime());
    row.putInt(layout.offset("readers"), ALL);
    return row;
  }

  private static StructLayout layout(TraceProgram program) {
    return switch (program) {
      case CONNECT -> TraceRows.CONNECT;
      case STATES -> TraceRows.CHANGE;
      case FASTOPEN -> TraceRows.HANDSHAKE;
      default -> TraceRows.GC;
    };
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "STATES", "FASTOPEN", "JVM"})
  void record_cutOff_isCountedAndTheNextIsTold(TraceProgram program) {
    RowTelling telling = new RowTelling(program, translation);
    ByteBuffer whole = row(layout(program));
    ByteBuffer half = whole.duplicate().order(ByteOrder.nativeOrder()).limit(Long.BYTES);

    for (ByteBuffer each : List.of(half, whole)) {
      boolean unused = bad.read("a record", () -> telling.record(each, List.of(reader)));
    }

    assertThat(bad.count()).isEqualTo(1);
    assertThat(sink.all(TraceEvent.class)).hasSize(1);
  }

  /** Of the way and the place that a socket carried it; more copied than is there breaks it. */
  private static ByteBuffer bytes(long connection, int way, long position, String text) {
    byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer record =
        ByteBuffer.allocate(TraceRows.BYTES.size() + payload.length).order(ByteOrder.nativeOrder());
    record.put(row(TraceRows.BYTES)).put(payload).rewind();
    record.putLong(TraceRows.BYTES.offset("connection"), connection);
    record.putLong(TraceRows.BYTES.offset("position"), position);
    record.putInt(TraceRows.BYTES.offset("way"), way);
    record.putInt(TraceRows.BYTES.offset("length_bytes"), payload.length);
    record.putInt(TraceRows.BYTES.offset("captured_bytes"), payload.length);
    return record;
  }

  private static ByteBuffer broken(ByteBuffer record) {
    return record.putInt(TraceRows.BYTES.offset("captured_bytes"), 1 << 20);
  }

  @Test
  void connection_thatCannotBeRead_isGivenUpAndOthersAreTold() {
    HttpTelling telling =
        new HttpTelling(
            new HttpCounts(OpenTrace.Rates.DEFAULT, place -> {}, () -> 0), translation, bad);
    String ask = "GET / HTTP/1.1\r\n\r\n";
    String answer = "HTTP/1.1 204 No Content\r\n\r\n";
    List<TraceReader> readers = List.of(reader);

    for (long connection : new long[] {1, 2}) {
      telling.record(bytes(connection, 0, 0, ask), readers);
    }
    telling.record(broken(bytes(1, 1, 0, answer)), readers);
    for (long connection : new long[] {1, 2}) {
      telling.record(bytes(connection, 1, 0, answer), readers);
      telling.record(broken(bytes(1, 0, ask.length(), ask)), readers);
    }

    assertThat(sink.all(TraceEvent.Http.class)).hasSize(1);
    assertThat(bad.count()).as("what comes later of it is not looked at").isEqualTo(1);
  }

  @Test
  void record_thatIsFine_isRead() {
    assertThat(bad.read("a record", () -> now++)).isTrue();
    assertThat(bad.count()).isZero();
  }
}
