package dev.shunt.agent.trace;

import dev.shunt.datapath.layout.StructLayout;
import dev.shunt.datapath.layout.TraceRecord;
import dev.shunt.datapath.layout.TraceRows;
import dev.shunt.datapath.programs.TraceProgram;
import dev.shunt.observe.trace.FastOpen;
import dev.shunt.observe.trace.HeapCollection;
import dev.shunt.observe.trace.TcpChange;
import dev.shunt.observe.trace.TcpState;
import dev.shunt.observe.trace.TraceEvent;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns records of a module's ring into events, with names for numbers. One thread. */
final class TraceTranslation {
  private static final int ACTIVE = 0;

  private final PlaceBook places;
  private final MonotonicTime time = new MonotonicTime();

  TraceTranslation(TraceNames names) {
    places = new PlaceBook(names);
  }

  MonotonicTime time() {
    return time;
  }

  PlaceBook places() {
    return places;
  }

  /** To be called every second or so: clocks and names change. */
  void refresh() {
    time.refresh();
    places.forget();
  }

  /**
   * An event, and who gets it.
   *
   * @param readers bit per reader
   * @param nanos when the kernel wrote it
   * @param event for them
   */
  record Addressed(int readers, long nanos, TraceEvent event) {}

  Addressed read(TraceProgram program, ByteBuffer bytes) {
    TraceRecord record = new TraceRecord(layout(program), bytes);
    TraceEvent event =
        switch (program) {
          case CONNECT -> connect(record);
          case STATES -> change(record);
          case FASTOPEN -> handshake(record);
          case JVM -> collection(record);
          case RTT, PROFILE, HTTP, HTTP_TLS, TLS ->
              throw new IllegalArgumentException(program + " tells no records as rows");
        };
    return new Addressed(record.u32("readers"), record.u64("time_ns"), event);
  }

  private static StructLayout layout(TraceProgram program) {
    return switch (program) {
      case CONNECT -> TraceRows.CONNECT;
      case STATES -> TraceRows.CHANGE;
      case FASTOPEN -> TraceRows.HANDSHAKE;
      case RTT -> TraceRows.PAIR;
      case PROFILE -> TraceRows.SAMPLE;
      case HTTP, HTTP_TLS -> TraceRows.BYTES;
      case JVM -> TraceRows.GC;
      case TLS -> TraceRows.TLS;
    };
  }

  private TraceEvent connect(TraceRecord record) {
    return new TraceEvent.Connect(
        time.of(record.u64("time_ns")),
        subject(record),
        Duration.ofNanos(record.u64("latency_ns")),
        new TraceEvent.ConnectOutcome(record.u32("established") != 0, record.u32("errno_value")));
  }

  private TraceEvent change(TraceRecord record) {
    long inState = record.u64("in_state_ns");
    return new TraceEvent.StateChange(
        time.of(record.u64("time_ns")),
        subject(record),
        record.u64("sk"),
        new TcpChange(
            TcpState.of(record.u32("old_state")),
            TcpState.of(record.u32("new_state")),
            record.u32("errno_value")),
        inState == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(inState)));
  }

  private TraceEvent handshake(TraceRecord record) {
    return new TraceEvent.Handshake(
        time.of(record.u64("time_ns")),
        subject(record),
        record.u32("side") == ACTIVE
            ? TraceEvent.Handshake.Side.CLIENT
            : TraceEvent.Handshake.Side.SERVER,
        FastOpen.of(record.u32("fast_open")));
  }

  private TraceEvent collection(TraceRecord record) {
    List<HeapCollection.Pool> pools = new ArrayList<>();
    for (int i = 0; i < record.u32("pool_count"); i++) {
      TraceRecord pool = record.part("pools", TraceRows.GC_POOL, i);
      pools.add(
          new HeapCollection.Pool(
              pool.text("name", TraceRows.GC_NAME_BYTES),
              pool.u64("used_before"),
              pool.u64("used_after"),
              pool.u64("committed_after")));
    }
    return new TraceEvent.Collection(
        time.of(record.u64("time_ns")),
        places.of(record.u64("netns_cookie"), record.u64("cgroup_id")),
        actor(record.process()),
        Duration.ofNanos(record.u64("duration_ns")),
        new HeapCollection(
            HeapCollection.Kind.of(record.u32("kind")),
            record.text("manager", TraceRows.GC_NAME_BYTES),
            pools));
  }

  private static TraceEvent.Actor actor(TraceRecord process) {
    return new TraceEvent.Actor(process.u32("pid"), process.command());
  }

  /** Whose socket a record is about. */
  TraceEvent.Subject subject(TraceRecord record) {
    TraceRecord socket = record.socket();
    return new TraceEvent.Subject(
        new InetSocketAddress(socket.address("local"), socket.u16("local_port")),
        new InetSocketAddress(socket.address("remote"), socket.u16("remote_port")),
        places.of(socket.u64("netns_cookie"), socket.u64("cgroup_id")),
        actor(record.process()));
  }
}
