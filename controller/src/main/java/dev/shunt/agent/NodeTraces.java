package dev.shunt.agent;

import dev.shunt.agent.trace.RedirectedTraffic;
import dev.shunt.agent.trace.TraceHub;
import dev.shunt.agent.trace.TraceNames;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.ConnectionRow;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.programs.OpenTrace;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.observe.trace.TraceEvent.Redirected;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What telemetry asks of the other parts of a node: names, and what accelerated connections sent.
 *
 * @param datapath of the node
 * @param namespaces watched
 * @param workloads names of cgroups
 * @param inputs with the pods of a cluster
 * @param telemetry names of what policies select
 */
record NodeTraces(
    SockmapDatapath datapath,
    NamespaceWatch namespaces,
    WorkloadNames workloads,
    PolicyInputs inputs,
    TelemetryNamespaces telemetry)
    implements RedirectedTraffic {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTraces.class);

  /** Opens traces on behalf of callers; nothing is attached yet. */
  TraceHub hub(Libbpf libbpf) {
    TraceNames names =
        new TraceNames(
            telemetry::name,
            namespaces::cookie,
            namespace -> inputs.pods().map(pods -> pods.workload(namespace)).orElse(""),
            new TraceNames.Cgroups(workloads::cgroupPath, workloads::cgroupId));
    return new TraceHub(libbpf, names, this, OpenTrace.Rates.DEFAULT);
  }

  @Override
  public Set<Long> forEach(Consumer<End> consumer) {
    Set<Long> shown = new HashSet<>();
    for (NetworkNamespace namespace : namespaces.all()) {
      try {
        datapath.dump(namespace, row -> accept(row, consumer));
        shown.add(namespace.cookie());
      } catch (BpfException | IllegalStateException gone) {
        LOG.debug("look into {} failed: {}; it has just gone", namespace.name(), gone.toString());
      }
    }
    return shown;
  }

  private static void accept(ConnectionRow row, Consumer<End> consumer) {
    if (row.u64("messages_redirected") != 0) {
      consumer.accept(end(row));
    }
  }

  private static End end(ConnectionRow row) {
    Pair pair =
        new Pair(
            row.u64("netns_cookie"),
            row.workload().cgroupId(),
            row.address("local"),
            row.address("remote"));
    return new End(
        row.u64("cookie"),
        pair,
        row.port("local_port"),
        row.port("remote_port"),
        new Redirected(row.u64("messages_redirected"), row.u64("bytes_redirected")));
  }
}
