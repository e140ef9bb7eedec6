package dev.shunt.e2e.bench.filters;

import dev.shunt.datapath.host.HostLinks;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.layout.FilterTotalsRow;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcAttachment;
import dev.shunt.datapath.libbpf.XdpMode;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.datapath.programs.FilterDatapath.Hook;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import dev.shunt.e2e.scene.LinkedNamespaces;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.Teardown;
import java.util.List;
import java.util.Map;

/**
 * One veth for each {@link Lane}, in namespaces of their own, with what the lane is called for on
 * the receiver's end. One thread; {@link #close} removes all of it.
 */
final class TrafficLanes implements AutoCloseable {
  private final Teardown teardown = new Teardown();
  private final FilterDatapath datapath;
  private final LinkedNamespaces namespaces;
  private FilterTotalsRow totals = FilterTotalsRow.NONE;

  private TrafficLanes(FilterDatapath datapath, String name) {
    this.datapath = datapath;
    namespaces = teardown.add(LinkedNamespaces.create(name, SyntheticRules.DESTINATION));
  }

  /**
   * Makes them.
   *
   * @param name start of the namespaces' names, unique on this host
   * @throws SceneException when this host cannot have them
   */
  static TrafficLanes open(FilterDatapath datapath, String name) {
    TrafficLanes lanes = new TrafficLanes(datapath, name);
    try {
      for (Lane lane : Lane.values()) {
        lanes.namespaces.link(lane.toString(), SyntheticRules.MAC);
      }
      lanes.attach();
      return lanes;
    } catch (RuntimeException e) {
      lanes.close();
      throw e;
    }
  }

  LinkedNamespaces namespaces() {
    return namespaces;
  }

  private void attach() {
    teardown.add(attachXdp(Lane.XDP_IDLE));
    teardown.add(attachXdp(Lane.XDP));
    teardown.add(
        Netns.call(
            namespaces.receiver(),
            () ->
                datapath
                    .program(Hook.INGRESS)
                    .attachTc(interfaceOf(Lane.TC), TcAttachment.Spot.FILTER_INGRESS)));
  }

  private BpfLink attachXdp(Lane lane) {
    return Netns.call(
        namespaces.receiver(),
        () -> datapath.program(Hook.XDP).attachXdp(interfaceOf(lane), XdpMode.NATIVE));
  }

  /** Index of the receiver's end; in its namespace only. */
  private static int interfaceOf(Lane lane) {
    return HostLinks.read(Map.of()).links().stream()
        .filter(link -> link.name().equals("r-" + lane))
        .findFirst()
        .orElseThrow()
        .ifindex();
  }

  private FilterPoint point(Lane lane, int hook) {
    int ifindex = Netns.call(namespaces.receiver(), () -> interfaceOf(lane));
    return new FilterPoint(ifindex, hook);
  }

  /** Puts rules in force on every lane that takes some. */
  void use(SyntheticRules shape) {
    datapath
        .maps()
        .put(
            List.of(point(Lane.XDP, FilterPoint.XDP), point(Lane.TC, FilterPoint.TC_INGRESS)),
            RuleSetCompiler.compile(shape.rules(), new Slots(), 1).pages());
    namespaces.inReceiver("nft", List.of("-f", "-"), NftRules.script(shape, "r-" + Lane.NFTABLES));
    totals = datapath.maps().totals();
  }

  /**
   * Makes sure that all packets since the last change met a rule.
   *
   * @throws SceneException when they did not: what was measured is then something else
   */
  void requireMatches() {
    FilterTotalsRow now = datapath.maps().totals();
    long ours = now.unmatched() - totals.unmatched();
    if (now.packets() == totals.packets() || ours != 0) {
      throw new SceneException("match packets failed: " + ours + " met no rule of Shunt");
    }
    List<String> list = List.of("list", "counter", "netdev", NftRules.TABLE, NftRules.MISSED);
    String theirs = namespaces.inReceiver("nft", list, "");
    if (!theirs.contains("packets 0 ")) {
      throw new SceneException("match packets failed: some met no rule of nftables: " + theirs);
    }
  }

  @Override
  public void close() {
    teardown.close();
  }
}
