package dev.shunt.agent;

import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.desired.filter.Explanation;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterName;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.FilterPolicy;
import dev.shunt.desired.filter.FilterProtocol;
import dev.shunt.desired.filter.FilterRule;
import dev.shunt.desired.filter.FragmentKind;
import dev.shunt.desired.filter.FragmentMatch;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.desired.filter.PacketFacts;
import dev.shunt.desired.filter.PointRule;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.ReferenceMatcher;
import dev.shunt.observe.FilterStatus;
import dev.shunt.observe.FiltersView;
import dev.shunt.observe.PacketAnswer;
import dev.shunt.observe.PacketQuestion;
import dev.shunt.reconcile.filter.FilterPointState;
import dev.shunt.reconcile.filter.FilterTotals;
import dev.shunt.reconcile.filter.PacketFilters;
import dev.shunt.reconcile.filter.RuleCounters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Traffic filters as the API shows them. Any thread. */
final class PacketViews {
  private static final int ECHO = 8;
  private static final int ECHO_V6 = 128;

  private final PacketGuard guard;
  private final Libbpf libbpf;

  PacketViews(PacketGuard guard, Libbpf libbpf) {
    this.guard = guard;
    this.libbpf = libbpf;
  }

  /** Every filter, whether or not it is attached anywhere. */
  List<FilterStatus.Filter> filters() {
    PacketGuard.Applied applied = guard.applied();
    Map<String, RuleCounters> counters = new HashMap<>();
    for (RuleCounters rule : guard.look(PacketFilters::counters).orElse(List.of())) {
      counters.put(rule.filter() + "/" + rule.rule(), rule);
    }
    return applied.policies().stream().map(policy -> filter(policy, applied, counters)).toList();
  }

  private static FilterStatus.Filter filter(
      FilterPolicy policy, PacketGuard.Applied applied, Map<String, RuleCounters> counters) {
    FilterName name = policy.filter().name();
    List<FilterStatus.Rule> rules = new ArrayList<>();
    for (FilterRule rule : policy.filter().rules()) {
      RuleCounters counted = counters.get(name + "/" + rule.name());
      rules.add(
          new FilterStatus.Rule(
              rule.name(),
              FilterStatus.Action.valueOf(rule.action().kind().name()),
              FilterStatus.Mode.valueOf(policy.filter().modeOf(rule).name()),
              match(rule),
              counted == null
                  ? new FilterStatus.Count(0, 0, 0)
                  : new FilterStatus.Count(
                      counted.packets(), counted.deniedPackets(), counted.bytes()),
              findings(rule.name(), applied.outcome().warnings().getOrDefault(name, List.of()))));
    }
    return new FilterStatus.Filter(
        policy.name().kind().text(),
        policy.name().endpointName(),
        where(policy.filter().where()),
        new FilterStatus.Order(
            policy.filter().priority(), policy.filter().lockout() == Lockout.ALLOWED),
        rules);
  }

  private static List<FilterStatus.Finding> findings(String rule, List<String> remarks) {
    String head = "rule " + rule + ": ";
    return remarks.stream()
        .filter(remark -> remark.startsWith(head))
        .map(remark -> new FilterStatus.Finding("remark", remark.substring(head.length())))
        .toList();
  }

  private static String where(FilterPlacement where) {
    String place =
        switch (where.subject()) {
          case INTERFACES -> "interfaces " + String.join(", ", where.names());
          case DEFAULT_ROUTE -> "default route";
          case PODS -> "netns=" + String.join(", ", where.names());
        };
    return lower(where.hook()) + " " + lower(where.direction()) + " of " + place;
  }

  private static String match(FilterRule rule) {
    FilterMatch match = rule.match();
    StringBuilder text = new StringBuilder(lower(match.protocol()));
    append(text, "remote", match.remotes());
    append(text, "from", match.sources());
    append(text, "to", match.destinations());
    append(text, "source ports", match.sourcePorts());
    append(text, "ports", match.destinationPorts());
    append(text, "types", match.icmp());
    if (match.fragments() != FragmentMatch.ANY) {
      text.append(" fragments ").append(lower(match.fragments()));
    }
    rule.action()
        .limit()
        .ifPresent(
            limit ->
                text.append(
                    ": %d %s/s per %s"
                        .formatted(limit.perSecond(), lower(limit.unit()), lower(limit.scope()))));
    return text.toString();
  }

  private static void append(StringBuilder text, String what, List<?> all) {
    int shown = 8;
    if (!all.isEmpty()) {
      text.append(' ').append(what).append(' ');
      text.append(
          all.stream().limit(shown).map(Object::toString).collect(Collectors.joining(", ")));
      if (all.size() > shown) {
        text.append(" and ").append(all.size() - shown).append(" more");
      }
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Where filters are attached, or should be. */
  List<FilterStatus.Point> points() {
    List<FilterStatus.Point> points = new ArrayList<>();
    for (FilterPointState state : guard.look(PacketFilters::points).orElse(List.of())) {
      boolean attached = state.attachment() != FilterPointState.Attachment.NONE;
      points.add(
          new FilterStatus.Point(
              state.name(),
              attached ? lower(state.attachment()).replace('_', ' ') + " of " + state.device() : "",
              state.generation(),
              state.rules(),
              state.condition()));
    }
    return points;
  }

  /** The first thing that keeps filters from being as policies say; empty when nothing does. */
  String error() {
    PacketGuard.Applied applied = guard.applied();
    if (!applied.error().isEmpty()) {
      return applied.error();
    }
    Optional<String> refused =
        applied.outcome().refused().entrySet().stream()
            .map(entry -> "filter " + entry.getKey() + " is refused: " + entry.getValue())
            .findFirst();
    return refused.orElseGet(
        () ->
            points().stream()
                .filter(point -> !point.error().isEmpty())
                .map(point -> "filters at " + point.at() + ": " + point.error())
                .findFirst()
                .orElse(""));
  }

  FilterStatus.PacketTotals totals() {
    return guard
        .look(PacketFilters::totals)
        .map(PacketViews::totals)
        .orElse(FilterStatus.PacketTotals.NONE);
  }

  private static FilterStatus.PacketTotals totals(FilterTotals totals) {
    Map<String, Long> odd = new HashMap<>();
    totals.oddPackets().forEach((reason, packets) -> odd.put(lower(reason), packets));
    return new FilterStatus.PacketTotals(
        totals.packets(), totals.unmatched(), odd, totals.eventsLost(), totals.eventsSampledOut());
  }

  /** Which rule would decide about a packet; empty: no such place. */
  Optional<PacketAnswer> test(PacketQuestion question, FiltersView.Live live) {
    return rulesAt(question.at()).map(rules -> answer(rules, question, live));
  }

  private PacketAnswer answer(PointRules rules, PacketQuestion question, FiltersView.Live live) {
    PacketFacts facts = facts(question);
    Explanation explanation = new ReferenceMatcher(rules).explain(facts);
    return new PacketAnswer(
        FilterStatus.Action.valueOf(explanation.action().name()),
        explanation.decided().map(PointRule::id).orElse(""),
        explanation.monitored().map(PointRule::id).orElse(""),
        explanation.passedOver(),
        live == FiltersView.Live.YES
            ? Optional.of(PacketTrial.run(libbpf, program(question.at()), rules, facts))
            : Optional.empty());
  }

  private PacketTrial.Program program(String at) {
    boolean xdp =
        guard.look(PacketFilters::points).orElse(List.of()).stream()
            .filter(state -> state.name().equals(at))
            .anyMatch(state -> state.attachment().name().startsWith("XDP"));
    return xdp ? PacketTrial.Program.XDP : PacketTrial.Program.TC;
  }

  /** The rules of a place. */
  Optional<PointRules> rulesAt(String point) {
    return guard.look(filters -> filters.rulesAt(point)).flatMap(rules -> rules);
  }

  /**
   * The first packet of a connection, a datagram, or an echo request.
   *
   * @throws IllegalArgumentException it cannot be
   */
  static PacketFacts facts(PacketQuestion question) {
    FilterProtocol protocol = protocol(question.protocol());
    InetSocketAddress from =
        question
            .source()
            .orElseThrow(
                () -> new IllegalArgumentException("packet: no source (expected: SOURCE -> ...)"));
    InetSocketAddress to = question.destination();
    IpAddress source = IpAddress.of(from.getAddress().getAddress());
    IpAddress destination = IpAddress.of(to.getAddress().getAddress());
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(
          "packet: " + source + " -> " + destination + " (expected: one address family)");
    }
    int echo = protocol == FilterProtocol.ICMP ? ECHO : ECHO_V6;
    return new PacketFacts(
        source,
        destination,
        protocol.number(),
        FragmentKind.WHOLE,
        protocol.isIcmp() ? PacketFacts.ABSENT : from.getPort(),
        protocol.isIcmp() ? echo << Byte.SIZE : to.getPort(),
        protocol == FilterProtocol.TCP ? PacketFacts.Opening.OPENS : PacketFacts.Opening.NO);
  }

  private static FilterProtocol protocol(String name) {
    for (FilterProtocol protocol : FilterProtocol.values()) {
      if (protocol != FilterProtocol.ANY && lower(protocol).equals(name)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        "packet: protocol " + name + " (expected: tcp, udp, sctp, icmp or icmpv6)");
  }
}
