package dev.shunt.observe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Values for tests; made up, but of the shape a real node shows. */
public final class Samples {
  public static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

  private Samples() {}

  /** A connection end that went as far as the progress says. */
  public static ConnectionView connection(
      long cookie, String local, String remote, Progress progress) {
    Traffic traffic =
        progress.step().compareTo(Step.JOINED) >= 0 ? new Traffic(40, 4000, 2, 200) : Traffic.NONE;
    return new ConnectionView(
        new SocketView(
            cookie,
            AddressText.parseSocket(local),
            AddressText.parseSocket(remote),
            "ESTABLISHED",
            Duration.ofMillis(1500)),
        0,
        new Placement("host", "web", "/web.slice"),
        progress,
        traffic);
  }

  /** As {@link #connection}, with the cookie of the other end. */
  public static ConnectionView paired(ConnectionView connection, long peerCookie) {
    return new ConnectionView(
        connection.socket(),
        peerCookie,
        connection.placement(),
        connection.progress(),
        connection.traffic());
  }

  public static Progress progress(Step step, Reason reason) {
    return new Progress(Side.ACTIVE, step, reason, Reason.NONE, 0, 1);
  }

  public static SelfTestReport selfTest() {
    return new SelfTestReport(
        STARTED,
        List.of(
            new SelfTestReport.Check(
                "order",
                SelfTestReport.Outcome.PASSED,
                SelfTestReport.Need.REQUIRED,
                "bytes arrived in order"),
            new SelfTestReport.Check(
                "fionread",
                SelfTestReport.Outcome.FAILED,
                SelfTestReport.Need.OPTIONAL,
                "FIONREAD says 0 for TCP data")));
  }

  public static NodeStatus status(NodeStatus.Readiness readiness, ModeStatus mode) {
    return new NodeStatus(
        readiness,
        mode,
        new NodeIdentity(
            "0.1.0",
            "6.18.44",
            STARTED,
            new NodeIdentity.Programs(2, "3fa9c1d2e4b5"),
            NodeIdentity.Start.READOPTED,
            "/sys/fs/cgroup",
            "/sys/fs/bpf/shunt/1"),
        new NodeStatus.Attachments(
            List.of(
                new HookStatus("pair", "cgroup/sock_ops", "", 100, 50_000),
                new HookStatus(
                    "fionread_guard",
                    "tracepoint syscalls/sys_enter_ioctl",
                    "no such file (ENOENT/2)",
                    0,
                    0)),
            List.of(
                new NamespaceStatus("host", 1, List.of("lo", "eth0"), ""),
                new NamespaceStatus("pod-b", 4096, List.of(), "setns failed (EPERM/1)")),
            List.of(new OldVersionStatus(1, "0e81b2a6c933", 12)),
            List.of(
                new NeighbourStatus(
                    "cgroup/connect4", "/sys/fs/cgroup", "cil_sock4", 71, "cilium (pid 9)"))),
        List.of(new EndpointStatus(1, "web", Mode.ACCELERATE, "default")),
        List.of(
            new PolicyFileStatus("/etc/shunt/policies/a.yaml", ""),
            new PolicyFileStatus(
                "/etc/shunt/policies/b.yaml",
                "b.yaml:7: ports.exclude: 70000 (expected: 1..65535)")),
        selfTest(),
        0,
        List.of(
            new TelemetryStatus(
                "http",
                2,
                "tp_btf/sock_send_length, sock_recv_length",
                "",
                new TelemetryStatus.Counts(1200, 5, 4, 3, 1, 2, 900)),
            new TelemetryStatus(
                "jvm", 1, "", "it cannot be; it is tried again", TelemetryStatus.Counts.NONE),
            new TelemetryStatus("rtt", 0, "", "", TelemetryStatus.Counts.NONE)));
  }

  /** Totals whose every counter differs from the others, times a factor. */
  public static Totals totals(long factor) {
    return new Totals(
        new ConnectionTotals(20 * factor, 18 * factor, 16 * factor, 4 * factor),
        new Traffic(1000 * factor, 1_536_000 * factor, 30 * factor, 3000 * factor),
        7 * factor,
        List.of(
            new ReasonCount(Reason.TOO_YOUNG, 2 * factor, 0),
            new ReasonCount(Reason.BACK_PRESSURE, 0, 5 * factor)));
  }

  public static StatsSnapshot stats(long factor) {
    return new StatsSnapshot(
        STARTED,
        totals(factor),
        List.of(new EndpointStats(1, "web", totals(factor))),
        new NodeCounters(3, 6, 5, 2, 1, new Incidents(11, 12, 13, 14, 15)),
        List.of(new MapFill("pairs", 10, 65_536)));
  }

  public static NodeEventView event(EventType type, ConnectionView connection) {
    return new NodeEventView(STARTED, type, connection, Reason.NONE, 0, 0, List.of(), "");
  }

  public static PolicyFacts facts() {
    return new PolicyFacts(
        new ModeStatus(Mode.ACCELERATE, Mode.POLICY),
        new EndpointStatus(1, "web", Mode.ACCELERATE, "default"),
        new NamespaceStatus("host", 1, List.of("lo"), ""),
        selfTest(),
        2);
  }

  /** A filter on a port, any else. */
  public static ConnectionFilter onPort(int port) {
    return new ConnectionFilter(
        port,
        Optional.empty(),
        ConnectionFilter.ALL.placement(),
        ConnectionFilter.ALL.steps(),
        ConnectionFilter.ALL.reasons(),
        0);
  }

  public static InetSocketAddress address(String text) {
    return AddressText.parseSocket(text);
  }
}
