package dev.shunt.agent;

import dev.shunt.agent.telemetry.StandingTraces;
import dev.shunt.agent.trace.TraceHub;
import dev.shunt.cli.VersionCommand;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.programs.HookBudget;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.ingest.file.FilterSlotStore;
import dev.shunt.ingest.file.PolicyDirectory;
import dev.shunt.ingest.file.PolicySet;
import dev.shunt.ingest.file.PolicyWatcher;
import dev.shunt.ingest.file.Surroundings;
import dev.shunt.ingest.file.TraitStore;
import dev.shunt.observe.telemetry.TelemetryMetrics;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.metrics.MetricsServer;
import dev.shunt.publish.otlp.NodeResource;
import dev.shunt.publish.otlp.OtlpConfig;
import dev.shunt.publish.otlp.OtlpExporter;
import dev.shunt.reconcile.ReconcileResult;
import dev.shunt.reconcile.Reconciler;
import dev.shunt.selftest.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The steps of a start, on the caller's thread.
 *
 * @param config of the node
 * @param datapath that is open
 * @param place where connect policies are put into force
 * @param inputs what decides
 */
record NodeStart(
    AgentConfig config, SockmapDatapath datapath, ConnectGuard.Place place, PolicyInputs inputs) {
  private static final Duration TRAITS_PASS = Duration.ofSeconds(2);
  private static final Duration FILTERS_TICK = Duration.ofMillis(100);
  private static final Duration PODS_TICK = Duration.ofMillis(100);

  /** Enough for some twenty pods; those of a full node take seconds. */
  private static final Duration HOOKS_AT_START = Duration.ofSeconds(1);

  /** Starts everything; what fails leaves the undoing to the caller. */
  Node start(PinDirectory pins) throws IOException {
    CgroupTree tree = place.tree();
    NamespaceWatch namespaces =
        new NamespaceWatch(
            datapath, () -> inputs.pods().map(PodInputs::namespaceFiles).orElse(Map.of()));
    PolicyDirectory directory = new PolicyDirectory(config.places().policies(), surroundings());
    PolicySet policies = directory.load();
    inputs.policies(policies);
    Optional<PodFeed> feed = feed();
    NodeLoop loop =
        new NodeLoop(
            datapath,
            namespaces,
            inputs,
            new Reconciler(new DatapathBinding(datapath.maps(), tree, namespaces)),
            config.scope());
    NodeParts parts = parts(pins, namespaces, loop);
    parts.traits().memory().restore(datapath.start());
    datapath.attachRedirect();
    datapath.maps().config().set("unknown_waits", config.cluster().isPresent() ? 1 : 0);
    loop.scan(hooksAtStart());
    datapath.attachCgroups(tree);
    loop.dropStaleLinks();
    datapath.succession().takeOver(PolicyFingerprint.of(inputs));
    parts.selfTest().run();
    loop.reconcile();
    datapath.succession().settle(loop.fingerprint());
    StandDownWatch watch = standDownWatch(parts);
    DatapathView view = new DatapathView(datapath, parts, covered(), watch::count);
    NodeServer server = NodeServer.start(view, config.server());
    Optional<MetricsServer> metrics = metrics(view, server);
    parts.events().start();
    loop.start();
    loop.watch(watch);
    parts.filters().tick();
    loop.every(FILTERS_TICK, parts.filters()::tick);
    loop.every(TRAITS_PASS, parts.traits().memory()::pass);
    feed.ifPresent(known -> follow(known, parts));
    feed.ifPresent(known -> known.serve(view, () -> loop.call(() -> apply(parts))));
    parts.neighbours().start();
    parts.measurements().start(MetricsServer.snapshots(view));
    parts.telemetry().start();
    PolicyWatcher watcher =
        PolicyWatcher.start(directory, policies, changed -> change(changed, parts));
    WarmUp.start(place, () -> namespaces.all().forEach(each -> datapath.dump(each, row -> {})));
    return new Node(datapath, parts, view, new Node.Publication(watcher, server, metrics, feed));
  }

  private StandDownWatch standDownWatch(NodeParts parts) {
    Clock clock = new SteadyClock();
    return new StandDownWatch(
        parts, new SpeedWatch(parts, datapath, config.speedCheck(), clock), clock);
  }

  /**
   * On a node of a cluster a namespace that is not open yet is like a pod that was not found yet:
   * its connections wait. Elsewhere nothing may accelerate them later.
   */
  private HookBudget hooksAtStart() {
    return config.cluster().isPresent() ? HookBudget.of(HOOKS_AT_START) : HookBudget.unlimited();
  }

  private Surroundings surroundings() {
    return config.cluster().isPresent() ? Surroundings.CLUSTER : Surroundings.HOST;
  }

  private String covered() {
    return place.cgroups().stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private void change(PolicySet changed, NodeParts parts) {
    inputs.policies(changed);
    if (!PolicyFingerprint.of(inputs).equals(parts.loop().fingerprint())) {
      datapath.succession().others().stop();
    }
    parts.loop().reconcileSoon();
    parts.filters().request();
    parts.telemetry().request();
  }

  /** On a node of a cluster: with what is known of its pods. */
  private Optional<PodFeed> feed() {
    Optional<PodFeed> feed =
        config
            .cluster()
            .flatMap(
                cluster ->
                    inputs
                        .pods()
                        .map(pods -> PodFeed.start(cluster, pods, config.places().state())));
    inputs.pods().ifPresent(pods -> pods.look(System.nanoTime()));
    return feed;
  }

  private void follow(PodFeed feed, NodeParts parts) {
    parts
        .loop()
        .every(
            PODS_TICK,
            () -> {
              feed.poll();
              look(parts);
            });
  }

  private void look(NodeParts parts) {
    if (parts.loop().lookAtPods(inputs.pods().orElseThrow())) {
      parts.filters().request();
      parts.telemetry().request();
    }
  }

  /** What the control plane has said is in force when this returns. Loop thread. */
  private ReconcileResult apply(NodeParts parts) {
    look(parts);
    ReconcileResult result = parts.loop().reconcile();
    parts.filters().tick();
    return result;
  }

  private NodeParts parts(PinDirectory pins, NamespaceWatch namespaces, NodeLoop loop) {
    CgroupTree tree = place.tree();
    RowTranslation translation = new RowTranslation(namespaces::name, inputs::endpointName, tree);
    WorkloadNames names = new WorkloadNames(tree);
    EventHub events = new EventHub(datapath.maps(), translation);
    TelemetryNamespaces telemetry = new TelemetryNamespaces(inputs, namespaces);
    TraceHub traces =
        new NodeTraces(datapath, namespaces, names, inputs, telemetry).hub(place.libbpf());
    NodeParts.Measurements measurements = measurements();
    return new NodeParts(
        pins,
        namespaces,
        inputs,
        new SelfTestRunner(new SelfTest(datapath, tree, place.cgroups()), datapath),
        new StatsReader(datapath.maps(), inputs),
        translation,
        events,
        loop,
        traits(names),
        new TapHub(datapath.taps(), namespaces, names),
        traces,
        measurements,
        new StandingTraces(traces, telemetry, measurements::sink),
        new NeighbourWatch(datapath.neighbours(), tree, namespaces, events),
        filters(namespaces));
  }

  private NodeParts.Filters filters(NamespaceWatch namespaces) {
    DenialHub hub = new DenialHub(place.tree(), namespaces::name);
    ConnectGuard connects = new ConnectGuard(place, inputs::connectPolicies, hub);
    PacketGuard packets =
        new PacketGuard(
            new PacketGuard.Place(
                place.libbpf(),
                place.pins(),
                new KeptSlots(new FilterSlotStore(config.places().state())),
                this::podFiles),
            inputs::trafficFilters,
            new PacketDenials(hub),
            filters -> new FilteredPairs(datapath, filters, namespaces::all)::refresh);
    return new NodeParts.Filters(
        connects,
        packets,
        new FilterViews(connects, new PacketViews(packets, place.libbpf()), hub));
  }

  private Map<String, Path> podFiles() {
    return inputs.pods().map(PodInputs::namespaceFiles).orElseGet(NetworkNamespace::namedFiles);
  }

  private NodeParts.Traits traits(WorkloadNames names) {
    SockmapMaps maps = datapath.maps();
    TraitTimes times = new TraitTimes(config.traitTtl());
    TraitStore store = new TraitStore(config.places().state());
    return new NodeParts.Traits(
        new TraitMemory(maps, names, store, Prerequisites.bootId(), times),
        new TraitViews(maps, names, inputs, times));
  }

  private NodeParts.Measurements measurements() {
    TelemetryMetrics metrics = new TelemetryMetrics();
    // a lambda that makes one would load classes of the export where it is turned off
    return new NodeParts.Measurements(
        metrics,
        config.otlp().isPresent()
            ? Optional.of(exporter(config.otlp().get(), metrics))
            : Optional.empty());
  }

  private OtlpExporter exporter(OtlpConfig given, TelemetryMetrics metrics) {
    NodeResource node =
        new NodeResource(
            Prerequisites.hostName(),
            config.cluster().map(AgentConfig.Cluster::node),
            VersionCommand.version());
    return new OtlpExporter(given, node, metrics);
  }

  private Optional<MetricsServer> metrics(DatapathView view, NodeServer server) throws IOException {
    if (config.metrics().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MetricsServer.start(view, config.metrics().get()));
    } catch (IOException failed) {
      server.close();
      throw new IOException(
          failed.getMessage() + "; choose another with --metrics-port, or 0", failed);
    }
  }
}
