package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.ConnectionRow;
import dev.shunt.datapath.layout.EventRecord;
import dev.shunt.observe.ConnectionView;
import dev.shunt.observe.EventType;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.Placement;
import dev.shunt.observe.Progress;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Side;
import dev.shunt.observe.SocketView;
import dev.shunt.observe.Step;
import dev.shunt.observe.Traffic;
import dev.shunt.observe.Trait;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/** Turns rows of the programs into views, with names for numbers. Thread-safe. */
final class RowTranslation {
  /** include/net/tcp_states.h. */
  private static final List<String> TCP_STATES =
      List.of(
          "NONE",
          "ESTABLISHED",
          "SYN_SENT",
          "SYN_RECV",
          "FIN_WAIT1",
          "FIN_WAIT2",
          "TIME_WAIT",
          "CLOSE",
          "CLOSE_WAIT",
          "LAST_ACK",
          "LISTEN",
          "CLOSING",
          "NEW_SYN_RECV");

  private final LongFunction<String> namespaceName;
  private final IntFunction<String> endpointName;
  private final CgroupTree cgroups;

  RowTranslation(
      LongFunction<String> namespaceName, IntFunction<String> endpointName, CgroupTree cgroups) {
    this.namespaceName = namespaceName;
    this.endpointName = endpointName;
    this.cgroups = cgroups;
  }

  private static String tcpState(int number) {
    return number >= 0 && number < TCP_STATES.size() ? TCP_STATES.get(number) : "STATE_" + number;
  }

  private Placement placement(long netns, int endpoint, long cgroup) {
    String path = cgroup == 0 ? "" : cgroups.path(cgroup).map(this::relative).orElse("");
    return new Placement(namespaceName.apply(netns), endpointName.apply(endpoint), path);
  }

  private String relative(Path cgroup) {
    return "/" + cgroups.root().relativize(cgroup);
  }

  ConnectionView connection(ConnectionRow row) {
    SocketView socket =
        new SocketView(
            row.u64("cookie"),
            new InetSocketAddress(row.address("local"), row.port("local_port")),
            new InetSocketAddress(row.address("remote"), row.port("remote_port")),
            tcpState(row.u16("tcp_state")),
            Duration.ofNanos(row.u64("age_ns")));
    Progress progress =
        new Progress(
            Side.of(row.u16("side")),
            Step.of(row.u32("step")),
            Reason.of(row.u32("reason")),
            Reason.of(row.u32("last_pass_reason")),
            row.u32("errno_value"),
            row.u32("turns"));
    Traffic traffic =
        new Traffic(
            row.u64("messages_redirected"),
            row.u64("bytes_redirected"),
            row.u64("messages_passed"),
            row.u64("bytes_passed"));
    Placement placement =
        placement(row.u64("netns_cookie"), row.u32("endpoint"), row.workload().cgroupId());
    return new ConnectionView(socket, row.u64("peer_cookie"), placement, progress, traffic);
  }

  NodeEventView event(EventRecord record, long lost) {
    SocketView socket =
        new SocketView(
            record.u64("cookie"),
            new InetSocketAddress(record.address("local"), record.port("local_port")),
            new InetSocketAddress(record.address("remote"), record.port("remote_port")),
            "",
            Duration.ZERO);
    EventType type = EventType.of(record.u32("type"));
    Reason reason = Reason.of(record.u32("reason"));
    Progress progress =
        new Progress(Side.of(record.u32("side")), stepAfter(type), reason, Reason.NONE, 0, 0);
    Traffic traffic = new Traffic(0, record.u64("bytes_redirected"), 0, record.u64("bytes_passed"));
    Placement placement =
        placement(record.u64("netns_cookie"), record.u32("endpoint"), record.workload().cgroupId());
    return new NodeEventView(
        wallClock(record.u64("time_ns")),
        type,
        new ConnectionView(socket, 0, placement, progress, traffic),
        reason,
        record.u32("errno_value"),
        lost,
        traits(record.u32("traits")),
        "");
  }

  /** The step that an event says; the lowest where it says none. */
  private static Step stepAfter(EventType type) {
    return switch (type) {
      case OPEN, REFUSE -> Step.PAIRED;
      case ADOPT -> Step.ADOPTED;
      case JOIN -> Step.JOINED;
      case SPILL -> Step.LEAVING;
      case CLOSE, TRAIT, STAND_DOWN, RESUME, NEIGHBOUR, NEIGHBOUR_GONE -> Step.UNPAIRED;
    };
  }

  /** System.nanoTime() is CLOCK_MONOTONIC on Linux, as the programs' clock is. */
  private static Instant wallClock(long monotonicNanos) {
    return Instant.now().minusNanos(System.nanoTime() - monotonicNanos);
  }

  private static List<String> traits(int bits) {
    return Trait.of(bits).stream().map(Trait::text).toList();
  }
}
