package dev.shunt.cli;

import dev.shunt.v1.Endpoint;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.Hook;
import dev.shunt.v1.Mode;
import dev.shunt.v1.Namespace;
import dev.shunt.v1.Neighbour;
import dev.shunt.v1.OldVersion;
import dev.shunt.v1.PolicyFile;
import dev.shunt.v1.SelfTestCheck;
import dev.shunt.v1.StandingTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The node's status for people and for scripts. Stateless. */
final class StatusReport {
  private StatusReport() {}

  static int write(NodeSession session, Output out) {
    GetStatusResponse status = session.node().getStatus(GetStatusRequest.getDefaultInstance());
    out.result(MessageTree.of(status), out.isText() ? text(status, out.paint()) : "");
    return status.getReady() ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  /** The human view. */
  static String text(GetStatusResponse status, Paint paint) {
    StringBuilder text = new StringBuilder();
    head(text, status, paint);
    selfTest(text, status.getSelfTest().getChecksList(), paint);
    hooks(text, status.getHooksList(), paint);
    neighbours(text, status.getNeighboursList());
    namespaces(text, status.getNamespacesList());
    endpoints(text, status.getEndpointsList());
    policies(text, status.getPoliciesList(), paint);
    telemetry(text, status.getTelemetryList(), paint);
    return text.toString();
  }

  private static void head(StringBuilder text, GetStatusResponse status, Paint paint) {
    Instant started =
        Instant.ofEpochSecond(status.getStarted().getSeconds(), status.getStarted().getNanos());
    Duration up = Duration.between(started, Instant.now());
    line(text, "node", state(status, paint));
    line(text, "mode", mode(status));
    line(
        text,
        "version",
        "%s, layout %d, programs %s"
            .formatted(status.getVersion(), status.getLayoutVersion(), status.getBuild()));
    for (OldVersion old : status.getOldVersionsList()) {
      line(
          text,
          "",
          "old version %d: %d connections left"
              .formatted(old.getLayoutVersion(), old.getConnections()));
    }
    line(text, "kernel", status.getKernel());
    line(
        text,
        "started",
        "%s (%s ago)%s"
            .formatted(
                started,
                Units.nanos((double) Math.max(0, up.toNanos())),
                status.getReadopted() ? ", pins of an earlier process re-adopted" : ""));
    line(text, "cgroup", status.getCgroup());
    line(text, "pins", status.getPinDirectory());
  }

  private static String state(GetStatusResponse status, Paint paint) {
    String detail = status.getDetail().isEmpty() ? "" : ": " + status.getDetail();
    if (!status.getReady()) {
      return paint.bad("not ready") + detail;
    }
    return detail.isEmpty() ? paint.good("ready") : paint.warning("ready, degraded") + detail;
  }

  private static String mode(GetStatusResponse status) {
    String mode = Names.of(status.getMode());
    return status.getModeOverride() == Mode.MODE_POLICY
        ? mode + " (as the policies say)"
        : mode + " (set by 'shunt mode'; undo with 'shunt mode policy')";
  }

  private static void selfTest(StringBuilder text, List<SelfTestCheck> checks, Paint paint) {
    if (checks.isEmpty()) {
      line(text, "self-test", paint.warning("has not run"));
      return;
    }
    text.append('\n').append(SelfTestReport.table(checks, paint));
  }

  private static void hooks(StringBuilder text, List<Hook> hooks, Paint paint) {
    Table table =
        Table.of(
            Table.text("HOOK"),
            Table.text("PROGRAM"),
            Table.number("RUNS"),
            Table.number("PER RUN"),
            Table.text("STATE"));
    for (Hook hook : hooks) {
      long runs = hook.getRunCount();
      table.row(
          hook.getHook(),
          hook.getProgram(),
          runs == 0 ? "-" : Units.count(runs),
          runs == 0 ? "-" : Units.nanos((double) hook.getRunTimeNs() / runs),
          hook.getAttached()
              ? paint.good("attached")
              : paint.bad("not attached: ") + hook.getError());
    }
    section(text, table);
  }

  private static void neighbours(StringBuilder text, List<Neighbour> neighbours) {
    Table table =
        Table.of(
            Table.text("NEIGHBOUR ON"),
            Table.text("WHERE"),
            Table.text("PROGRAM"),
            Table.number("ID"),
            Table.text("OWNER"));
    for (Neighbour neighbour : neighbours) {
      table.row(
          neighbour.getHook(),
          neighbour.getWhere(),
          neighbour.getProgram(),
          Integer.toUnsignedString(neighbour.getId()),
          neighbour.getOwner());
    }
    section(text, table);
  }

  private static void namespaces(StringBuilder text, List<Namespace> namespaces) {
    Table table =
        Table.of(
            Table.text("NAMESPACE"),
            Table.text("HOOKED"),
            Table.text("INTERFACES"),
            Table.text("ERROR"));
    for (Namespace namespace : namespaces) {
      table.row(
          namespace.getName(),
          namespace.getHooked() ? "yes" : "no",
          String.join(",", namespace.getInterfacesList()),
          namespace.getError());
    }
    section(text, table);
  }

  /** On a node of a cluster endpoints are pods, and have workloads. */
  private static void endpoints(StringBuilder text, List<Endpoint> endpoints) {
    boolean pods = endpoints.stream().anyMatch(endpoint -> !endpoint.getWorkload().isEmpty());
    List<Table.Column> columns =
        new ArrayList<>(
            List.of(
                Table.text("ENDPOINT"),
                Table.number("ID"),
                Table.text("MODE"),
                Table.text("POLICY"),
                Table.text("STANDS DOWN")));
    if (pods) {
      columns.add(1, Table.text("WORKLOAD"));
    }
    Table table = Table.of(columns.toArray(Table.Column[]::new));
    for (Endpoint endpoint : endpoints) {
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  endpoint.getName(),
                  Integer.toUnsignedString(endpoint.getId()),
                  Names.of(endpoint.getMode()),
                  endpoint.getPolicy(),
                  standDown(endpoint)));
      if (pods) {
        cells.add(1, endpoint.getWorkload());
      }
      table.row(cells.toArray());
    }
    section(text, table);
  }

  private static String standDown(Endpoint endpoint) {
    return endpoint.hasStandDown()
        ? "until %s: %s"
            .formatted(
                Instant.ofEpochSecond(endpoint.getStandDown().getRetry().getSeconds()),
                endpoint.getStandDown().getDetail())
        : "";
  }

  private static void policies(StringBuilder text, List<PolicyFile> policies, Paint paint) {
    Table table = Table.of(Table.text("POLICY FILE"), Table.text("STATE"));
    for (PolicyFile file : policies) {
      table.row(
          file.getPath(),
          file.getAccepted() ? paint.good("accepted") : paint.bad("refused: ") + file.getError());
    }
    section(text, table);
  }

  private static void telemetry(StringBuilder text, List<StandingTrace> modules, Paint paint) {
    Table table =
        Table.of(
            Table.text("TELEMETRY"),
            Table.number("NAMESPACES"),
            Table.number("EVENTS"),
            Table.text("STATE"));
    for (StandingTrace module : modules) {
      table.row(
          module.getModule(),
          Integer.toUnsignedString(module.getNamespaces()),
          Units.count(module.getEvents()),
          telemetry(module, paint));
    }
    section(text, table);
  }

  private static String telemetry(StandingTrace module, Paint paint) {
    if (!module.getError().isEmpty()) {
      return paint.bad("incomplete: ") + module.getError();
    }
    return module.getHook().isEmpty()
        ? paint.warning("being attached")
        : paint.good("attached") + " to " + module.getHook();
  }

  private static void section(StringBuilder text, Table table) {
    if (!table.isEmpty()) {
      text.append('\n').append(table.render());
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-10s %s%n".formatted(name, value));
  }
}
