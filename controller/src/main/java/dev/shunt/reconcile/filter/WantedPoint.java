package dev.shunt.reconcile.filter;

import dev.shunt.datapath.host.HostLinks.HostLink;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.TrafficFilter;
import java.util.List;

/**
 * An attachment point with the filters that ask for it.
 *
 * @param name for people
 * @param pod whose it is; empty on a node interface
 * @param device that carries it
 * @param point of the data path
 * @param direction of the packets, seen from what is protected
 * @param filters that meet here
 */
record WantedPoint(
    String name,
    String pod,
    HostLink device,
    FilterPoint point,
    FilterDirection direction,
    List<TrafficFilter> filters) {
  WantedPoint {
    filters = List.copyOf(filters);
  }

  WantedPoint with(List<TrafficFilter> others) {
    return new WantedPoint(name, pod, device, point, direction, others);
  }
}
