package dev.shunt.agent;

import dev.shunt.datapath.host.HostLinks;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.programs.Rehearsal;
import dev.shunt.desired.connect.ConnectCompiler;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.RuleRemarks;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import dev.shunt.ingest.file.PolicyDocuments;
import dev.shunt.ingest.file.PolicySet;
import dev.shunt.ingest.file.RefusedPolicyException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes the way of a first traffic filter and of a first connect policy once, from their text to
 * loaded programs, and attaches nothing: in a JVM a way that was never gone takes seconds on a busy
 * host, and a filter that comes to deny cannot wait for that. Nothing stays in the kernel or on
 * disk. A thread of its own, which ends by itself.
 */
final class WarmUp implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** One of each kind, with what rules usually have. Their workloads need not exist. */
  private static final String POLICIES =
      """
      apiVersion: shunt.dev/v1alpha1
      kind: TrafficFilter
      metadata: {name: warm-up}
      spec:
        direction: egress
        hostSelector: {networkNamespace: warm-up}
        rules:
          - {name: addresses, action: deny, protocol: tcp, remote: [192.0.2.0/24, "2001:db8::/32"]}
          - {name: ports, action: deny, protocol: udp, ports: [9]}
      ---
      apiVersion: shunt.dev/v1alpha1
      kind: ConnectPolicy
      metadata: {name: warm-up}
      spec:
        hostSelector: {networkNamespace: warm-up}
        rules:
          - {name: addresses, action: deny, protocol: tcp, to: [192.0.2.0/24, "2001:db8::/32"]}
          - {name: ports, action: deny, protocol: udp, ports: [9]}
      """;

  private final ConnectGuard.Place place;
  private final Runnable look;

  private WarmUp(ConnectGuard.Place place, Runnable look) {
    this.place = place;
    this.look = look;
  }

  /**
   * Starts it.
   *
   * @param place of the programs
   * @param look at all connections; any thread
   */
  static void start(ConnectGuard.Place place, Runnable look) {
    Thread thread = new Thread(new WarmUp(place, look), "shunt-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      long begin = System.nanoTime();
      PolicySet policies =
          new PolicySet(PolicyDocuments.readForHost(POLICIES, "warm-up"), List.of());
      packets(policies.trafficFilters().stream().map(FilterPolicy::filter).toList());
      look.run();
      connects(policies);
      LOG.debug("warm after {} ms", (System.nanoTime() - begin) / 1_000_000);
    } catch (RefusedPolicyException | RuntimeException cold) {
      LOG.debug("warm up failed: {}; a first filter takes longer", cold.getMessage(), cold);
    }
  }

  private void packets(List<TrafficFilter> filters) {
    for (TrafficFilter filter : filters) {
      RuleRemarks.about(filter, FailSafe.DEFAULT);
      PointRules rules =
          PointRules.of(filter.where().direction(), List.of(filter), FailSafe.DEFAULT);
      Rehearsal.packets(place.libbpf(), RuleSetCompiler.compile(rules, new Slots(), 1).pages());
    }
    HostLinks.read(NetworkNamespace.namedFiles());
  }

  private void connects(PolicySet policies) {
    ConnectRules rules = ConnectRules.of(policies.connectPolicies(), FailSafe.DEFAULT);
    HostNames names = new HostNames(place.tree());
    Rehearsal.connects(place.libbpf(), ConnectCompiler.compile(rules, names).tables());
  }
}
