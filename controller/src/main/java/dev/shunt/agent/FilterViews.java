package dev.shunt.agent;

import dev.shunt.datapath.layout.ConnectHits;
import dev.shunt.datapath.layout.ConnectTotals;
import dev.shunt.datapath.programs.ConnectDatapath;
import dev.shunt.desired.connect.ConnectAttempt;
import dev.shunt.desired.connect.ConnectExplanation;
import dev.shunt.desired.connect.ConnectMatcher;
import dev.shunt.desired.connect.ConnectPolicy;
import dev.shunt.desired.connect.ConnectProtocol;
import dev.shunt.desired.connect.ConnectTarget;
import dev.shunt.desired.connect.PlacedRule;
import dev.shunt.desired.connect.RuleFindings;
import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.Lockout;
import dev.shunt.observe.DenialView;
import dev.shunt.observe.FilterStatus;
import dev.shunt.observe.FiltersView;
import dev.shunt.observe.HookStatus;
import dev.shunt.observe.PacketAnswer;
import dev.shunt.observe.PacketQuestion;
import dev.shunt.observe.Subscription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The filters as the API shows them, over the live parts. Any thread. */
final class FilterViews implements FiltersView {
  /** The place of connect rules, as users name it. */
  static final String CONNECT = "connect";

  private static final String LSM = "lsm/socket_connect, cgroup/connect4+6, cgroup/sendmsg4+6";
  private static final String CGROUP = "cgroup/connect4+6, cgroup/sendmsg4+6";

  private final ConnectGuard guard;
  private final PacketViews packets;
  private final DenialHub hub;

  FilterViews(ConnectGuard guard, PacketViews packets, DenialHub hub) {
    this.guard = guard;
    this.packets = packets;
    this.hub = hub;
  }

  @Override
  public FilterStatus status() {
    ConnectGuard.InForce inForce = guard.inForce();
    Map<ConnectPolicy, List<FilterStatus.Rule>> rules = new LinkedHashMap<>();
    for (PlacedRule rule : inForce.rules().rules()) {
      rules.computeIfAbsent(rule.policy(), key -> new ArrayList<>()).add(rule(rule, inForce));
    }
    List<FilterStatus.Filter> filters = new ArrayList<>();
    rules.forEach((policy, its) -> filters.add(filter(policy, its)));
    List<FilterStatus.Point> points = new ArrayList<>();
    if (!filters.isEmpty() || !inForce.error().isEmpty()) {
      points.add(point(inForce));
    }
    filters.addAll(packets.filters());
    points.addAll(packets.points());
    return new FilterStatus(filters, points, totals(), packets.totals());
  }

  private static FilterStatus.Filter filter(ConnectPolicy policy, List<FilterStatus.Rule> rules) {
    return new FilterStatus.Filter(
        policy.name().kind().text(),
        policy.name().endpointName(),
        callers(policy),
        new FilterStatus.Order(
            policy.settings().priority(), policy.settings().lockout() == Lockout.ALLOWED),
        rules);
  }

  private static String callers(ConnectPolicy policy) {
    int pods = policy.podCgroups().size();
    return pods == 0 ? policy.selector().toString() : pods == 1 ? "1 pod" : pods + " pods";
  }

  private FilterStatus.Rule rule(PlacedRule rule, ConnectGuard.InForce inForce) {
    ConnectHits hits = guard.look(datapath -> datapath.maps().hits(rule)).orElse(ConnectHits.NONE);
    return new FilterStatus.Rule(
        rule.rule().name(),
        FilterStatus.Action.valueOf(rule.rule().action().name()),
        FilterStatus.Mode.valueOf(rule.mode().name()),
        match(rule),
        new FilterStatus.Count(hits.hits(), hits.denied(), 0),
        inForce.findings().stream()
            .filter(finding -> finding.rule().equals(rule.id()))
            .map(FilterViews::finding)
            .toList());
  }

  private static FilterStatus.Finding finding(RuleFindings.Finding finding) {
    return new FilterStatus.Finding(finding.kind().name().toLowerCase(Locale.ROOT), finding.text());
  }

  /** In a cluster each stands for a file of several containers: told once, as policy names it. */
  private static List<String> executables(PlacedRule rule) {
    return rule.rule().executables().stream()
        .map(path -> path.replaceFirst("^/proc/[0-9]+/root", ""))
        .distinct()
        .toList();
  }

  private static String match(PlacedRule rule) {
    ConnectTarget target = rule.rule().target();
    StringBuilder text = new StringBuilder();
    if (!rule.rule().executables().isEmpty()) {
      text.append("by ").append(some(executables(rule))).append(' ');
    }
    text.append(target.protocol().name().toLowerCase(Locale.ROOT));
    if (!target.to().isEmpty()) {
      text.append(" to ").append(some(target.to()));
    }
    if (!target.ports().isEmpty()) {
      text.append(" ports ").append(some(target.ports()));
    }
    return text.toString();
  }

  /** A list of thousands is of no use to readers. */
  private static String some(List<?> all) {
    int shown = 8;
    String text = all.stream().limit(shown).map(Object::toString).collect(Collectors.joining(", "));
    return all.size() <= shown ? text : text + " and " + (all.size() - shown) + " more";
  }

  private FilterStatus.Point point(ConnectGuard.InForce inForce) {
    return new FilterStatus.Point(
        CONNECT,
        guard
            .look(datapath -> datapath.rung() == ConnectDatapath.Rung.LSM ? LSM : CGROUP)
            .orElse(""),
        guard.look(datapath -> Integer.toUnsignedLong(datapath.maps().generation())).orElse(0L),
        inForce.rules().rules().size(),
        inForce.error());
  }

  private FilterStatus.Totals totals() {
    ConnectTotals totals =
        guard.look(datapath -> datapath.maps().totals()).orElse(ConnectTotals.NONE);
    return new FilterStatus.Totals(
        totals.attempts(),
        totals.denied(),
        totals.monitored(),
        totals.unmatched(),
        totals.incomplete(),
        totals.eventsLost(),
        totals.eventsSampled());
  }

  /** Every program and its hook; none while no policy needs them. */
  List<HookStatus> hooks() {
    return guard
        .look(
            datapath ->
                datapath.hooks().stream()
                    .map(
                        hook ->
                            new HookStatus(
                                hook.program(),
                                hook.hook(),
                                hook.error(),
                                hook.runCount(),
                                hook.runTimeNanos()))
                    .toList())
        .orElse(List.of());
  }

  /** Why the rules in force are not those of the policies; empty when they are. */
  String error() {
    String error = guard.inForce().error();
    return error.isEmpty() ? packets.error() : error;
  }

  @Override
  public Subscription watch(Consumer<DenialView> listener) {
    return hub.subscribe(listener);
  }

  @Override
  public PacketAnswer test(PacketQuestion question, Live live) {
    if (question.at().equals(CONNECT)) {
      if (live == Live.YES) {
        throw new IllegalArgumentException(
            "live: connect (expected: a place of packets; the kernel does not run programs of"
                + " connect by hand)");
      }
      return testConnect(question);
    }
    return packets.test(question, live).orElseThrow(() -> noPlace(question.at()));
  }

  private IllegalArgumentException noPlace(String at) {
    String places =
        packets.points().stream().map(FilterStatus.Point::at).collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "at: " + at + " (expected: connect" + (places.isEmpty() ? "" : ", " + places) + ")");
  }

  private PacketAnswer testConnect(PacketQuestion question) {
    ConnectProtocol protocol =
        switch (question.protocol()) {
          case "tcp" -> ConnectProtocol.TCP;
          case "udp" -> ConnectProtocol.UDP;
          default ->
              throw new IllegalArgumentException(
                  "packet: protocol " + question.protocol() + " (expected: tcp or udp)");
        };
    PacketQuestion.Caller caller = question.caller();
    ConnectAttempt attempt =
        new ConnectAttempt(
            new ConnectAttempt.Caller(caller.executable(), caller.cgroup(), caller.namespace()),
            protocol,
            IpAddress.of(question.destination().getAddress().getAddress()),
            question.destination().getPort());
    ConnectExplanation explanation = new ConnectMatcher(guard.inForce().rules()).explain(attempt);
    return new PacketAnswer(
        FilterStatus.Action.valueOf(explanation.action().name()),
        id(explanation.decided()),
        id(explanation.monitored()),
        explanation.passedOver(),
        Optional.empty());
  }

  private static String id(Optional<PlacedRule> rule) {
    return rule.map(PlacedRule::id).orElse("");
  }
}
