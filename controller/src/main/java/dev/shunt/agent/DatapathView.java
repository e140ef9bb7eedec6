package dev.shunt.agent;

import dev.shunt.cli.VersionCommand;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.programs.HookState;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.desired.ModeOverride;
import dev.shunt.observe.ConnectionFilter;
import dev.shunt.observe.ConnectionQuery;
import dev.shunt.observe.ConnectionView;
import dev.shunt.observe.ConnectionVisitor;
import dev.shunt.observe.ConnectionVisitor.Visit;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.EventType;
import dev.shunt.observe.Explainer;
import dev.shunt.observe.Explanation;
import dev.shunt.observe.FiltersView;
import dev.shunt.observe.HookStatus;
import dev.shunt.observe.Mode;
import dev.shunt.observe.ModeStatus;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.NodeIdentity;
import dev.shunt.observe.NodeStatus;
import dev.shunt.observe.NodeStatus.Attachments;
import dev.shunt.observe.NodeStatus.Readiness;
import dev.shunt.observe.NodeView;
import dev.shunt.observe.OldVersionStatus;
import dev.shunt.observe.PolicyFacts;
import dev.shunt.observe.PolicyFileStatus;
import dev.shunt.observe.SelfTestReport;
import dev.shunt.observe.StatsSnapshot;
import dev.shunt.observe.Subscription;
import dev.shunt.observe.TapQuery;
import dev.shunt.observe.TapSink;
import dev.shunt.observe.WorkloadName;
import dev.shunt.observe.WorkloadTrait;
import dev.shunt.observe.telemetry.FamilySnapshot;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.observe.trace.TraceSink;
import dev.shunt.reconcile.ReconcileResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** The node as the API shows it, over the live parts. Any thread. */
final class DatapathView implements NodeView {
  /** The program without which a cgroup is not covered. */
  private static final String PAIR = "pair";

  private final SockmapDatapath datapath;
  private final NodeParts parts;
  private final Instant started = Instant.now();
  private final String cgroups;
  private final LongSupplier standDowns;

  /**
   * Views a node.
   *
   * @param cgroups covered, for people
   * @param standDowns how often an endpoint stood down so far
   */
  DatapathView(SockmapDatapath datapath, NodeParts parts, String cgroups, LongSupplier standDowns) {
    this.datapath = datapath;
    this.parts = parts;
    this.cgroups = cgroups;
    this.standDowns = standDowns;
  }

  @Override
  public NodeStatus status() {
    List<HookStatus> hooks = new ArrayList<>();
    for (HookState hook : datapath.hooks()) {
      hooks.add(
          new HookStatus(
              hook.program(), hook.hook(), hook.error(), hook.runCount(), hook.runTimeNanos()));
    }
    hooks.addAll(parts.filters().views().hooks());
    List<NamespaceStatus> namespaces = parts.namespaces().status();
    return new NodeStatus(
        readiness(hooks, namespaces),
        mode(),
        identity(),
        new Attachments(hooks, namespaces, oldVersions(), parts.neighbours().now()),
        parts.inputs().endpoints(),
        parts.inputs().files(),
        parts.selfTest().report(),
        standDowns.getAsLong(),
        parts.telemetry().status());
  }

  private List<OldVersionStatus> oldVersions() {
    return datapath.succession().others().list().stream()
        .map(left -> new OldVersionStatus(left.layout(), left.build(), left.connections()))
        .toList();
  }

  private NodeIdentity identity() {
    return new NodeIdentity(
        VersionCommand.version(),
        Prerequisites.release(),
        started,
        new NodeIdentity.Programs(datapath.succession().layout(), datapath.succession().build()),
        datapath.start() == SockmapDatapath.Start.READOPTED
            ? NodeIdentity.Start.READOPTED
            : NodeIdentity.Start.FRESH,
        cgroups,
        parts.pins().base().toString());
  }

  private Readiness readiness(List<HookStatus> hooks, List<NamespaceStatus> namespaces) {
    SelfTestReport report = parts.selfTest().report();
    if (report.equals(SelfTestReport.NOT_RUN)) {
      return new Readiness(NodeStatus.State.NOT_READY, "the self-test has not run yet");
    }
    Optional<SelfTestReport.Check> failure = report.firstRequiredFailure();
    if (failure.isPresent()) {
      return new Readiness(
          NodeStatus.State.DEGRADED,
          "self-test "
              + failure.get().name()
              + " failed, all traffic stays on TCP: "
              + failure.get().detail());
    }
    List<HookStatus> pairing = hooks.stream().filter(hook -> hook.program().equals(PAIR)).toList();
    List<HookStatus> lost = pairing.stream().filter(hook -> !hook.error().isEmpty()).toList();
    if (!lost.isEmpty()) {
      return new Readiness(
          lost.size() == pairing.size() ? NodeStatus.State.NOT_READY : NodeStatus.State.DEGRADED,
          lost.get(0).hook() + ": " + lost.get(0).error());
    }
    for (NamespaceStatus namespace : namespaces) {
      if (!namespace.hooked() || !namespace.error().isEmpty()) {
        return new Readiness(
            NodeStatus.State.DEGRADED,
            "namespace " + namespace.name() + " lacks adoption hooks: " + namespace.error());
      }
    }
    String rest = troubleOfPolicies();
    return rest.isEmpty()
        ? new Readiness(NodeStatus.State.READY, "")
        : new Readiness(NodeStatus.State.DEGRADED, rest);
  }

  /** The first thing that policies want and that is not so; empty: all is as they say. */
  private String troubleOfPolicies() {
    for (PolicyFileStatus file : parts.inputs().files()) {
      if (!file.accepted()) {
        return file.error();
      }
    }
    String filters = parts.filters().views().error();
    if (!filters.isEmpty()) {
      return filters;
    }
    return parts.telemetry().status().stream()
        .filter(module -> !module.error().isEmpty())
        .map(module -> "telemetry " + module.module() + ": " + module.error())
        .findFirst()
        .orElse("");
  }

  @Override
  public FiltersView filters() {
    return parts.filters().views();
  }

  @Override
  public List<FamilySnapshot> telemetry() {
    return parts.measurements().metrics().snapshot();
  }

  private ModeStatus mode() {
    Mode wanted = PolicyInputs.mode(parts.inputs().mode());
    boolean held = parts.selfTest().report().firstRequiredFailure().isPresent();
    Mode inForce = held && wanted == Mode.ACCELERATE ? Mode.OBSERVE : wanted;
    return new ModeStatus(inForce, Mode.valueOf(parts.inputs().override().name()));
  }

  @Override
  public StatsSnapshot stats() {
    return parts.stats().read();
  }

  @Override
  public void connections(ConnectionFilter filter, ConnectionVisitor visitor) {
    walk(filter.select(visitor));
  }

  private void walk(ConnectionVisitor visitor) {
    for (NetworkNamespace namespace : parts.namespaces().all()) {
      List<ConnectionView> rows = new ArrayList<>();
      datapath.dump(namespace, row -> rows.add(parts.translation().connection(row)));
      for (ConnectionView row : rows) {
        if (visitor.visit(row) == Visit.STOP) {
          return;
        }
      }
    }
  }

  @Override
  public Explanation explain(ConnectionQuery query) {
    return Explainer.explain(query, this::walk, this::facts);
  }

  private PolicyFacts facts(ConnectionView connection) {
    String endpointName = connection.placement().endpoint();
    EndpointStatus endpoint =
        parts.inputs().endpoints().stream()
            .filter(candidate -> candidate.name().equals(endpointName))
            .findFirst()
            .orElseGet(() -> parts.inputs().endpoints().get(0));
    NamespaceStatus namespace =
        parts.namespaces().status().stream()
            .filter(candidate -> candidate.name().equals(connection.placement().namespace()))
            .findFirst()
            .orElseGet(
                () -> new NamespaceStatus(connection.placement().namespace(), 0, List.of(), ""));
    return new PolicyFacts(
        mode(), endpoint, namespace, parts.selfTest().report(), parts.inputs().adoptTurns());
  }

  @Override
  public ModeStatus setMode(Mode wanted) {
    parts.inputs().override(ModeOverride.valueOf(wanted.name()));
    ReconcileResult result = parts.loop().call(parts.loop()::reconcile);
    if (!result.succeeded()) {
      throw new IllegalStateException(
          PendingMode.text(wanted.name().toLowerCase(Locale.ROOT), result));
    }
    return mode();
  }

  @Override
  public List<WorkloadTrait> traits() {
    return parts.traits().views().all();
  }

  @Override
  public List<WorkloadTrait> forgetTraits(Predicate<WorkloadName> which) {
    NodeParts.Traits traits = parts.traits();
    return parts.loop().call(() -> traits.memory().forget(traits.views(), which));
  }

  @Override
  public SelfTestReport runSelfTest() {
    return parts.loop().call(parts.selfTest()::run);
  }

  @Override
  public void tap(TapQuery query, TapSink sink) {
    parts.taps().tap(query, sink);
  }

  @Override
  public void trace(TraceQuery query, TraceSink sink) {
    parts.traces().trace(query, sink);
  }

  @Override
  public Subscription subscribe(Set<EventType> types, Consumer<NodeEventView> listener) {
    return parts.events().subscribe(types, listener);
  }
}
