package dev.shunt.agent;

import dev.shunt.agent.AgentConfig.OnStop;
import dev.shunt.cli.CannotRunException;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.PinDirectory;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.ingest.file.PolicyWatcher;
import dev.shunt.ingest.file.Surroundings;
import dev.shunt.publish.grpc.NodeServer;
import dev.shunt.publish.metrics.MetricsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: its parts in the order they start, stopped in reverse. */
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(10);
  private static final Duration CGROUPS_PASS = Duration.ofSeconds(2);

  private final SockmapDatapath datapath;
  private final NodeParts parts;
  private final DatapathView view;
  private final PolicyWatcher watcher;
  private final NodeServer server;
  private final Optional<MetricsServer> metrics;
  private final Optional<PodFeed> feed;

  Node(SockmapDatapath datapath, NodeParts parts, DatapathView view, Publication publication) {
    this.datapath = datapath;
    this.parts = parts;
    this.view = view;
    watcher = publication.watcher();
    server = publication.server();
    metrics = publication.metrics();
    feed = publication.feed();
  }

  /**
   * What others see and hear of a node.
   *
   * @param watcher of policy files
   * @param server of the API
   * @param metrics server; empty: turned off
   * @param feed of pods; empty on a host without Kubernetes
   */
  record Publication(
      PolicyWatcher watcher,
      NodeServer server,
      Optional<MetricsServer> metrics,
      Optional<PodFeed> feed) {}

  /** Starts everything; after a failure nothing of this start is left. */
  static Node start(AgentConfig config, Libbpf libbpf, CgroupLock lock) {
    CgroupTree tree = Prerequisites.cgroups();
    List<Path> cgroups = cgroups(config, tree);
    PinDirectory pins = new PinDirectory(config.places().pins());
    Optional<PodInputs> pods =
        config
            .cluster()
            .map(
                cluster ->
                    new PodInputs(cluster.node(), new PodPlaces(tree, config.scope().cgroups())));
    PolicyInputs inputs = new PolicyInputs(config.places().state(), pods);
    SockmapDatapath datapath = SockmapDatapath.open(libbpf, pins, cgroups);
    try {
      ConnectGuard.Place place =
          new ConnectGuard.Place(libbpf, config.places().pins(), tree, cgroups);
      Node node = new NodeStart(config, datapath, place, inputs).start(pins);
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

  /** The one line that says the node works. */
  String readyLine(Duration took) {
    return ReadyLine.text(
        view.status(),
        feed.isPresent() ? Surroundings.CLUSTER : Surroundings.HOST,
        datapath.start(),
        took);
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
    parts.telemetry().close();
    parts.traces().close();
    parts.measurements().close();
    parts.neighbours().close();
    feed.ifPresent(PodFeed::leavePlane);
    parts.loop().close();
    feed.ifPresent(PodFeed::close);
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
