package dev.shunt.reconcile.filter;

import dev.shunt.datapath.host.HostLinks;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.FilterHits;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.layout.FilterTotalsRow;
import dev.shunt.datapath.programs.FilterHooks.Attached;
import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.RuleRemarks;
import dev.shunt.desired.filter.TrafficFilter;
import dev.shunt.desired.filter.compile.CompiledRules;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import dev.shunt.reconcile.filter.FilterPointState.Attachment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The packet filters over the real data path. Threads as {@link PacketFilters} says. */
public final class NodePacketFilters implements PacketFilters {
  private final FilterStage stage;
  private final FailSafe failSafe;
  private final Supplier<Map<String, Path>> pods;
  private final SettledSlots settled;
  private final Slots slots;
  private final DenialReader denials;
  private final Map<FilterPoint, Long> generations = new HashMap<>();
  private volatile Map<FilterPoint, ForcedPoint> forced = Map.of();
  private List<TrafficFilter> remarkedOn = List.of();
  private Map<FilterName, List<String>> remarks = Map.of();
  private long generation;

  /**
   * Filters over a data path, which is closed with this.
   *
   * @param failSafe ports that stay open
   * @param memory which rules had which numbers before
   */
  public NodePacketFilters(FilterStage stage, FailSafe failSafe, SlotMemory memory) {
    this(stage, failSafe, memory, NetworkNamespace::namedFiles);
  }

  /**
   * Filters of a node whose pods others name.
   *
   * @param pods namespace files of pods by name, now
   */
  public NodePacketFilters(
      FilterStage stage, FailSafe failSafe, SlotMemory memory, Supplier<Map<String, Path>> pods) {
    this.stage = stage;
    this.failSafe = failSafe;
    this.pods = pods;
    settled = new SettledSlots(stage, memory);
    slots = settled.slots();
    denials = new DenialReader(stage, slots);
  }

  @Override
  public synchronized FilterOutcome apply(List<TrafficFilter> filters) {
    HostLinks links = HostLinks.read(pods.get());
    PointPlan.Result plan = PointPlan.of(filters, links);
    Map<FilterName, String> refused = new TreeMap<>(plan.refused());
    List<WantedPoint> wanted = XdpFallbacks.apply(plan.points(), stage);
    Map<FilterPoint, PointRules> rules = rulesOf(wanted, refused);
    putChanged(wanted, rules, refused);
    Map<FilterPoint, ForcedPoint> next = new LinkedHashMap<>();
    for (WantedPoint point : wanted) {
      PointRules inForce = rules.get(point.point());
      if (inForce != null) {
        next.put(point.point(), attach(point, inForce, links.podOf(point.device())));
      }
    }
    stage.points().stream().filter(p -> !next.containsKey(p)).forEach(stage::remove);
    forced = Map.copyOf(next);
    settled.settle(
        forced.values().stream().flatMap(point -> point.rules().rules().stream()).toList());
    return new FilterOutcome(refused, warnings(filters));
  }

  /** What is to be in force on each point: the old rules where the new ones are bad. */
  private Map<FilterPoint, PointRules> rulesOf(
      List<WantedPoint> wanted, Map<FilterName, String> refused) {
    Map<FilterPoint, PointRules> rules = new HashMap<>();
    for (WantedPoint point : wanted) {
      try {
        rules.put(point.point(), PointRules.of(point.direction(), point.filters(), failSafe));
      } catch (IllegalArgumentException bad) {
        refuse(point, String.valueOf(bad.getMessage()), refused);
        keepOld(point.point(), rules);
      }
    }
    return rules;
  }

  private void keepOld(FilterPoint point, Map<FilterPoint, PointRules> rules) {
    ForcedPoint before = forced.get(point);
    if (before == null) {
      rules.remove(point);
    } else {
      rules.put(point, before.rules());
    }
  }

  private static void refuse(WantedPoint point, String why, Map<FilterName, String> refused) {
    for (TrafficFilter filter : point.filters()) {
      refused.put(filter.name(), point.name() + ": " + why + "; the old rules stay in force");
    }
  }

  /** Points whose rules have become the same share a rule set. */
  private void putChanged(
      List<WantedPoint> wanted,
      Map<FilterPoint, PointRules> rules,
      Map<FilterName, String> refused) {
    Map<PointRules, List<WantedPoint>> changed = new LinkedHashMap<>();
    for (WantedPoint point : wanted) {
      PointRules now = rules.get(point.point());
      ForcedPoint before = forced.get(point.point());
      if (now != null && (before == null || !before.rules().equals(now))) {
        changed.computeIfAbsent(now, key -> new ArrayList<>()).add(point);
      }
    }
    changed.forEach(
        (now, points) ->
            put(now, points)
                .ifPresent(
                    why ->
                        points.forEach(
                            point -> {
                              refuse(point, why, refused);
                              keepOld(point.point(), rules);
                            })));
  }

  private Optional<String> put(PointRules rules, List<WantedPoint> points) {
    try {
      CompiledRules compiled = RuleSetCompiler.compile(rules, slots, generation + 1);
      Optional<String> refused =
          stage.put(points.stream().map(WantedPoint::point).toList(), compiled.pages());
      if (refused.isEmpty()) {
        generation++;
        points.forEach(point -> generations.put(point.point(), generation));
      }
      return refused;
    } catch (IllegalArgumentException tooMany) {
      return Optional.of(String.valueOf(tooMany.getMessage()));
    }
  }

  private ForcedPoint attach(WantedPoint wanted, PointRules rules, String pod) {
    Attached attached = stage.attach(wanted.point(), wanted.device());
    Attachment attachment =
        switch (attached.kind()) {
          case NATIVE -> Attachment.XDP_NATIVE;
          case GENERIC -> Attachment.XDP_GENERIC;
          case TCX -> Attachment.TCX;
          case CLSACT -> Attachment.CLSACT;
          case NONE -> Attachment.NONE;
        };
    String condition =
        attached.condition().isEmpty() ? XdpFallbacks.condition(wanted) : attached.condition();
    long inForce = generations.getOrDefault(wanted.point(), generation);
    return new ForcedPoint(wanted, pod, rules, attachment, condition, inForce);
  }

  private Map<FilterName, List<String>> warnings(List<TrafficFilter> filters) {
    if (filters.equals(remarkedOn)) {
      return remarks;
    }
    Map<FilterName, List<String>> warnings = new TreeMap<>();
    for (TrafficFilter filter : filters) {
      List<String> about = RuleRemarks.about(filter, failSafe);
      if (!about.isEmpty()) {
        warnings.put(filter.name(), about);
      }
    }
    remarkedOn = List.copyOf(filters);
    remarks = warnings;
    return warnings;
  }

  @Override
  public List<FilterPointState> points() {
    return forced.values().stream()
        .map(ForcedPoint::state)
        .sorted(Comparator.comparing(FilterPointState::name))
        .toList();
  }

  @Override
  public Optional<PointRules> rulesAt(String point) {
    return forced.values().stream()
        .filter(found -> found.wanted().name().equals(point))
        .map(ForcedPoint::rules)
        .findFirst();
  }

  @Override
  public synchronized List<RuleCounters> counters() {
    Map<String, RuleCounters> counters = new TreeMap<>();
    Map<String, Integer> order = new HashMap<>();
    for (ForcedPoint point : forced.values()) {
      for (PointRule rule : point.rules().rules()) {
        order.putIfAbsent(rule.id(), order.size());
        counters.computeIfAbsent(rule.id(), id -> counters(rule));
      }
    }
    return counters.entrySet().stream()
        .sorted(Comparator.comparing(entry -> order.getOrDefault(entry.getKey(), 0)))
        .map(Map.Entry::getValue)
        .toList();
  }

  private RuleCounters counters(PointRule rule) {
    FilterHits hits = stage.hits(slots.of(rule));
    return new RuleCounters(
        rule.filter(),
        rule.rule().name(),
        rule.mode(),
        hits.packets(),
        hits.bytes(),
        hits.deniedPackets(),
        hits.deniedBytes());
  }

  @Override
  public FilterTotals totals() {
    FilterTotalsRow row = stage.totals();
    Map<FilterReason, Long> odd = new EnumMap<>(FilterReason.class);
    for (FilterReason reason : FilterReason.values()) {
      if (reason.isOdd()) {
        odd.put(reason, stage.hits(reason.number()).packets());
      }
    }
    return new FilterTotals(
        row.packets(), row.unmatched(), odd, row.eventsLost(), row.eventsSampledOut());
  }

  @Override
  public boolean canDrop() {
    return forced.values().stream().anyMatch(point -> point.rules().canDrop());
  }

  @Override
  public boolean mayDrop(String namespace, TcpEnds ends) {
    return forced.values().stream().anyMatch(point -> point.mayDrop(namespace, ends));
  }

  @Override
  public synchronized int drainDenials(Consumer<Denial> consumer) {
    return denials.drain(forced, consumer);
  }

  @Override
  public synchronized void remove() {
    stage.points().forEach(stage::remove);
    forced = Map.of();
    stage.unpin();
  }

  @Override
  public void close() {
    stage.close();
  }
}
