package dev.shunt.reconcile.filter;

import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.programs.FilterHooks.Attached;
import dev.shunt.datapath.programs.FilterHooks.Kind;
import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.FilterHook;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.XdpFallback;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Moves XDP filters to tc where another program holds the interface and they allow it. */
final class XdpFallbacks {
  private static final String BUSY = "busy: ";

  private XdpFallbacks() {}

  /** The points, with those filters at the tc ingress of the same interface. */
  static List<WantedPoint> apply(List<WantedPoint> points, FilterStage stage) {
    Map<FilterPoint, WantedPoint> all = new LinkedHashMap<>();
    for (WantedPoint wanted : points) {
      List<TrafficFilter> willing =
          wanted.filters().stream().filter(f -> f.where().fallback() == XdpFallback.TC).toList();
      if (willing.isEmpty() || !isTaken(wanted, stage)) {
        merge(all, wanted);
        continue;
      }
      List<TrafficFilter> others = new ArrayList<>(wanted.filters());
      others.removeAll(willing);
      if (!others.isEmpty()) {
        merge(all, wanted.with(others));
      }
      FilterPoint tc = new FilterPoint(wanted.point().ifindex(), FilterPoint.TC_INGRESS);
      merge(
          all,
          new WantedPoint(wanted.name(), "", wanted.device(), tc, wanted.direction(), willing));
    }
    return List.copyOf(all.values());
  }

  /* The only sure way to know is to attach; without rules the program lets everything pass. */
  private static boolean isTaken(WantedPoint wanted, FilterStage stage) {
    if (wanted.point().hook() != FilterPoint.XDP) {
      return false;
    }
    Attached attached = stage.attach(wanted.point(), wanted.device());
    return attached.kind() == Kind.NONE && attached.condition().startsWith(BUSY);
  }

  private static void merge(Map<FilterPoint, WantedPoint> all, WantedPoint point) {
    WantedPoint known = all.get(point.point());
    List<TrafficFilter> filters = new ArrayList<>(known == null ? List.of() : known.filters());
    filters.addAll(point.filters());
    all.put(point.point(), point.with(filters));
  }

  /** What is to be said of a point where filters for XDP are at tc; empty text elsewhere. */
  static String condition(WantedPoint wanted) {
    boolean moved =
        wanted.point().hook() != FilterPoint.XDP
            && wanted.filters().stream().anyMatch(f -> f.where().hook() == FilterHook.XDP);
    return moved
        ? BUSY
            + "another XDP program holds "
            + wanted.device().name()
            + "; filtering at tc ingress instead"
        : "";
  }
}
