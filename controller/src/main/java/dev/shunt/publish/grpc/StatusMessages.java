package dev.shunt.publish.grpc;

import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.HookStatus;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NeighbourStatus;
import dev.shunt.observe.NodeIdentity;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.OldVersionStatus;
import dev.shunt.observe.PolicyFileStatus;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.StandDown;
import dev.shunt.observe.TelemetryStatus;
import dev.shunt.v1.Endpoint;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.Hook;
import dev.shunt.v1.Namespace;
import dev.shunt.v1.Neighbour;
import dev.shunt.v1.OldVersion;
import dev.shunt.v1.PolicyFile;
import dev.shunt.v1.RunSelfTestResponse;
import dev.shunt.v1.SelfTestCheck;
import dev.shunt.v1.StandingTrace;
import java.time.Instant;

/** The node's status as messages. Stateless. */
final class StatusMessages {
  private StatusMessages() {}

  static GetStatusResponse status(NodeStatus status) {
    GetStatusResponse.Builder message =
        GetStatusResponse.newBuilder()
            .setReady(status.readiness().ready())
            .setDetail(status.readiness().detail())
            .setMode(Enums.toProto(status.mode().mode()))
            .setModeOverride(Enums.toProto(status.mode().override()))
            .setSelfTest(selfTest(status.selfTest()));
    identify(message, status.identity());
    status.attachments().hooks().forEach(h -> message.addHooks(hook(h)));
    status.attachments().namespaces().forEach(n -> message.addNamespaces(namespace(n)));
    status.attachments().oldVersions().forEach(v -> message.addOldVersions(oldVersion(v)));
    status.attachments().neighbours().forEach(n -> message.addNeighbours(neighbour(n)));
    status.endpoints().forEach(e -> message.addEndpoints(endpoint(e)));
    status.policies().forEach(p -> message.addPolicies(policy(p)));
    status.telemetry().stream()
        .filter(TelemetryStatus::wanted)
        .forEach(t -> message.addTelemetry(telemetry(t)));
    return message.build();
  }

  static RunSelfTestResponse selfTest(SelfTestReport report) {
    RunSelfTestResponse.Builder message =
        RunSelfTestResponse.newBuilder().setPassed(report.passed());
    if (!report.time().equals(Instant.EPOCH)) {
      message.setTime(Times.toProto(report.time()));
    }
    report.checks().forEach(c -> message.addChecks(check(c)));
    return message.build();
  }

  private static void identify(GetStatusResponse.Builder message, NodeIdentity identity) {
    message
        .setVersion(identity.version())
        .setKernel(identity.kernel())
        .setStarted(Times.toProto(identity.started()))
        .setLayoutVersion(identity.programs().layoutVersion())
        .setBuild(identity.programs().build())
        .setReadopted(identity.start() == NodeIdentity.Start.READOPTED)
        .setCgroup(identity.cgroup())
        .setPinDirectory(identity.pinDirectory());
  }

  private static SelfTestCheck check(SelfTestReport.Check check) {
    return SelfTestCheck.newBuilder()
        .setName(check.name())
        .setPassed(check.outcome() == SelfTestReport.Outcome.PASSED)
        .setRequired(check.need() == SelfTestReport.Need.REQUIRED)
        .setDetail(check.detail())
        .build();
  }

  private static OldVersion oldVersion(OldVersionStatus version) {
    return OldVersion.newBuilder()
        .setLayoutVersion(version.layout())
        .setBuild(version.build())
        .setConnections(version.connections())
        .build();
  }

  private static Neighbour neighbour(NeighbourStatus neighbour) {
    return Neighbour.newBuilder()
        .setHook(neighbour.hook())
        .setWhere(neighbour.where())
        .setProgram(neighbour.program())
        .setId(neighbour.id())
        .setOwner(neighbour.owner())
        .build();
  }

  private static Hook hook(HookStatus hook) {
    return Hook.newBuilder()
        .setProgram(hook.program())
        .setHook(hook.hook())
        .setAttached(hook.attached())
        .setError(hook.error())
        .setRunCount(hook.runCount())
        .setRunTimeNs(hook.runTimeNanos())
        .build();
  }

  private static Namespace namespace(NamespaceStatus namespace) {
    return Namespace.newBuilder()
        .setName(namespace.name())
        .setNetnsCookie(namespace.netnsCookie())
        .setHooked(namespace.hooked())
        .addAllInterfaces(namespace.interfaces())
        .setError(namespace.error())
        .build();
  }

  private static Endpoint endpoint(EndpointStatus endpoint) {
    Endpoint.Builder message =
        Endpoint.newBuilder()
            .setId(endpoint.id())
            .setName(endpoint.name())
            .setMode(Enums.toProto(endpoint.mode()))
            .setPolicy(endpoint.policy())
            .setWorkload(endpoint.workload());
    endpoint.standDown().ifPresent(down -> message.setStandDown(standDown(down)));
    return message.build();
  }

  private static dev.shunt.v1.StandDown standDown(StandDown down) {
    return dev.shunt.v1.StandDown.newBuilder()
        .setCause(down.cause().text())
        .setDetail(down.detail())
        .setSince(Times.toProto(down.since()))
        .setRetry(Times.toProto(down.retry()))
        .build();
  }

  private static PolicyFile policy(PolicyFileStatus file) {
    return PolicyFile.newBuilder()
        .setPath(file.path())
        .setAccepted(file.accepted())
        .setError(file.error())
        .build();
  }

  private static StandingTrace telemetry(TelemetryStatus module) {
    return StandingTrace.newBuilder()
        .setModule(module.module())
        .setNamespaces(module.namespaces())
        .setHook(module.hook())
        .setError(module.error())
        .setEvents(module.counts().events())
        .setShed(module.counts().shed())
        .setLost(module.counts().lost())
        .setUntracked(module.counts().untracked())
        .setUnread(module.counts().unread())
        .setSkipped(module.counts().skipped())
        .setUnsampled(module.counts().unsampled())
        .build();
  }
}
