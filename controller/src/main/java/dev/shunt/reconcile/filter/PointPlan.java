package dev.shunt.reconcile.filter;

import dev.shunt.datapath.host.HostLinks;
import dev.shunt.datapath.host.HostLinks.HostLink;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterHook;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.TrafficFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the attachment points that filters ask for. Pure: what the node has comes as an argument.
 */
final class PointPlan {
  private final HostLinks links;
  private final Map<FilterPoint, WantedPoint> points = new LinkedHashMap<>();
  private final Map<FilterName, String> refused = new TreeMap<>();

  private PointPlan(HostLinks links) {
    this.links = links;
  }

  /**
   * The result.
   *
   * @param points in the order in which they were asked for
   * @param refused filters that ask for what cannot be
   */
  record Result(List<WantedPoint> points, Map<FilterName, String> refused) {}

  static Result of(List<TrafficFilter> filters, HostLinks links) {
    PointPlan plan = new PointPlan(links);
    filters.forEach(plan::place);
    return new Result(List.copyOf(plan.points.values()), plan.refused);
  }

  private void place(TrafficFilter filter) {
    FilterPlacement where = filter.where();
    switch (where.subject()) {
      case PODS ->
          links
              .ofPods()
              .forEach(
                  (pod, devices) -> {
                    if (where.selects(pod)) {
                      devices.forEach(device -> add(filter, pod, device));
                    }
                  });
      case DEFAULT_ROUTE ->
          links.links().stream()
              .filter(link -> links.defaultRoute().contains(link.name()))
              .forEach(link -> add(filter, "", link));
      case INTERFACES ->
          links.links().stream()
              .filter(link -> where.selects(link.name()))
              .forEach(link -> add(filter, "", link));
    }
  }

  private void add(TrafficFilter filter, String pod, HostLink device) {
    FilterPlacement where = filter.where();
    FilterPoint point = new FilterPoint(device.ifindex(), hook(where, pod));
    String name = (pod.isEmpty() ? device.name() : pod) + "/" + text(where.direction());
    WantedPoint fresh =
        new WantedPoint(name, pod, device, point, where.direction(), List.of(filter));
    WantedPoint known = points.putIfAbsent(point, fresh);
    if (known == null) {
      return;
    }
    if (known.direction() != where.direction()) {
      refused.put(
          filter.name(), "interface " + device.name() + " is already filtered as " + known.name());
      return;
    }
    List<TrafficFilter> all = new ArrayList<>(known.filters());
    all.add(filter);
    points.put(point, known.with(all));
  }

  /** What goes into a pod goes out of the node's end of its veth. */
  private static int hook(FilterPlacement where, String pod) {
    if (where.hook() == FilterHook.XDP) {
      return FilterPoint.XDP;
    }
    boolean in = where.direction() == FilterDirection.INGRESS;
    return in == pod.isEmpty() ? FilterPoint.TC_INGRESS : FilterPoint.TC_EGRESS;
  }

  private static String text(FilterDirection direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }
}
