package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.OnStop;
import dev.shunt.cli.CannotRunException;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.ingest.file.FilterSlotStore;
import dev.shunt.ingest.file.PolicyDirectory;
import dev.shunt.ingest.file.PolicySet;
import dev.shunt.ingest.file.PolicyWatcher;
import dev.shunt.ingest.file.TraitStore;
import dev.shunt.observe.NamespaceStatus;
import dev.shunt.observe.NodeStatus;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.metrics.MetricsServer;
import dev.shunt.reconcile.Reconciler;
import dev.shunt.selftest.SelfTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: its parts in the order they start, stopped in reverse. */
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(10);
  private static final Duration TRAITS_PASS = Duration.ofSeconds(2);
  private static final Duration FILTERS_TICK = Duration.ofMillis(100);
  private static final Duration CGROUPS_PASS = Duration.ofSeconds(2);

  private final SockmapDatapath datapath;
  private final NodeParts parts;
  private final DatapathView view;
  private final PolicyWatcher watcher;
  private final NodeServer server;
  private final Optional<MetricsServer> metrics;

  private Node(
      SockmapDatapath datapath, NodeParts parts, DatapathView view, Publication publication) {
    this.datapath = datapath;
    this.parts = parts;
    this.view = view;
    watcher = publication.watcher();
    server = publication.server();
    metrics = publication.metrics();
  }

  private record Publication(
      PolicyWatcher watcher, NodeServer server, Optional<MetricsServer> metrics) {}

  /** Starts everything; after a failure nothing of this start is left. */
  static Node start(AgentConfig config, Libbpf libbpf, CgroupLock lock) {
    CgroupTree tree = Prerequisites.cgroups();
    List<Path> cgroups = cgroups(config, tree);
    PinDirectory pins = new PinDirectory(config.places().pins());
    PolicyInputs inputs = new PolicyInputs(config.places().state());
    SockmapDatapath datapath = SockmapDatapath.open(libbpf, pins, cgroups);
    try {
      ConnectGuard.Place place =
          new ConnectGuard.Place(libbpf, config.places().pins(), tree, cgroups);
      Node node = new Starter(config, datapath, place, inputs).start(pins);
      node.parts
          .loop()
          .every(
              CGROUPS_PASS,
              () -> datapath.repairCgroups(tree, cgroup -> lock.claim(tree.root(), cgroup)));
      return node;
    } catch (RuntimeException failed) {
      datapath.undo();
      throw failed;
    } catch (IOException failed) {
      datapath.undo();
      throw new CannotRunException(failed.getMessage() + "; nothing is left attached", failed);
    }
  }

  private static List<Path> cgroups(AgentConfig config, CgroupTree tree) {
    if (config.scope().cgroups().isEmpty()) {
      return List.of(tree.root());
    }
    for (Path cgroup : config.scope().cgroups()) {
      if (!Files.isDirectory(cgroup)
          || !cgroup.toAbsolutePath().normalize().startsWith(tree.root())) {
        throw new CannotRunException(
            "--cgroup: " + cgroup + " (expected: a directory below " + tree.root() + ")");
      }
    }
    return config.scope().cgroups();
  }

  /** The steps of a start. */
  private record Starter(
      AgentConfig config, SockmapDatapath datapath, ConnectGuard.Place place, PolicyInputs inputs) {
    Node start(PinDirectory pins) throws IOException {
      CgroupTree tree = place.tree();
      NamespaceWatch namespaces = new NamespaceWatch(datapath);
      PolicyDirectory directory = new PolicyDirectory(config.places().policies());
      PolicySet policies = directory.load();
      inputs.policies(policies);
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
      loop.scan();
      datapath.attachCgroups(tree);
      datapath.dropStaleLinks(namespaces.cookies());
      datapath.succession().takeOver(PolicyFingerprint.of(inputs));
      parts.selfTest().run();
      loop.reconcile();
      datapath.succession().settle(loop.fingerprint());
      String covered =
          place.cgroups().stream().map(Path::toString).collect(Collectors.joining(", "));
      StandDownWatch watch = standDownWatch(parts);
      DatapathView view = new DatapathView(datapath, parts, covered, watch::count);
      NodeServer server = NodeServer.start(view, config.server());
      Optional<MetricsServer> metrics = metrics(view, server);
      parts.events().start();
      loop.start();
      loop.watch(watch);
      parts.filters().tick();
      loop.every(FILTERS_TICK, parts.filters()::tick);
      loop.every(TRAITS_PASS, parts.traits().memory()::pass);
      parts.neighbours().start();
      PolicyWatcher watcher =
          PolicyWatcher.start(
              directory,
              policies,
              changed -> {
                inputs.policies(changed);
                datapath.succession().others().stop();
                loop.reconcileSoon();
                parts.filters().request();
              });
      WarmUp.start(place, () -> namespaces.all().forEach(each -> datapath.dump(each, row -> {})));
      return new Node(datapath, parts, view, new Publication(watcher, server, metrics));
    }

    private StandDownWatch standDownWatch(NodeParts parts) {
      Clock clock = new SteadyClock();
      return new StandDownWatch(
          parts, new SpeedWatch(parts, datapath, config.speedCheck(), clock), clock);
    }

    private NodeParts parts(PinDirectory pins, NamespaceWatch namespaces, NodeLoop loop) {
      CgroupTree tree = place.tree();
      RowTranslation translation = new RowTranslation(namespaces::name, inputs::endpointName, tree);
      WorkloadNames names = new WorkloadNames(tree);
      EventHub events = new EventHub(datapath.maps(), translation);
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
                  new KeptSlots(new FilterSlotStore(config.places().state()))),
              inputs::trafficFilters,
              new PacketDenials(hub),
              filters -> new FilteredPairs(datapath, filters, namespaces::all)::refresh);
      return new NodeParts.Filters(
          connects,
          packets,
          new FilterViews(connects, new PacketViews(packets, place.libbpf()), hub));
    }

    private NodeParts.Traits traits(WorkloadNames names) {
      SockmapMaps maps = datapath.maps();
      TraitTimes times = new TraitTimes(config.traitTtl());
      TraitStore store = new TraitStore(config.places().state());
      return new NodeParts.Traits(
          new TraitMemory(maps, names, store, Prerequisites.bootId(), times),
          new TraitViews(maps, names, inputs, times));
    }

    private Optional<MetricsServer> metrics(DatapathView view, NodeServer server)
        throws IOException {
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

  /** The one line that says the node works. */
  String readyLine(Duration took) {
    NodeStatus status = view.status();
    long interfaces =
        status.attachments().namespaces().stream()
            .mapToLong(namespace -> namespace.interfaces().size())
            .sum();
    String namespaces =
        status.attachments().namespaces().stream()
            .map(NamespaceStatus::name)
            .collect(Collectors.joining(","));
    return String.format(
        "shunt node ready: mode %s, namespaces %s (%d interfaces), self-test %s, %s pins, %d ms",
        status.mode().mode().name().toLowerCase(java.util.Locale.ROOT),
        namespaces.isEmpty() ? "none" : namespaces,
        interfaces,
        status.selfTest().passed() ? "passed" : "FAILED",
        datapath.start() == SockmapDatapath.Start.READOPTED ? "re-adopted" : "new",
        took.toMillis());
  }

  /** Stops in reverse order. */
  void stop(OnStop onStop) {
    watcher.close();
    metrics.ifPresent(MetricsServer::close);
    try {
      server.close();
    } catch (IOException failed) {
      LOG.warn("close API failed: {}; stopping anyway", failed.getMessage());
    }
    parts.taps().close();
    parts.neighbours().close();
    parts.loop().close();
    parts.traits().memory().close();
    parts.events().close();
    if (onStop == OnStop.KEEP) {
      parts.filters().keep();
      datapath.keep();
      LOG.info("stopped; programs stay attached, the next start takes over");
    } else {
      parts.filters().remove();
      long left = datapath.drain(DRAIN_PATIENCE);
      LOG.info("stopped; traffic is back on TCP, {} sockets left with unread bytes", left);
    }
    parts.namespaces().close();
  }
}
