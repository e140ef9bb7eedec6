package dev.shunt.publish.grpc;

import dev.shunt.observe.AddressText;
import dev.shunt.observe.DenialView;
import dev.shunt.observe.FilterStatus;
import dev.shunt.observe.PacketAnswer;
import dev.shunt.v1.Denial;
import dev.shunt.v1.Filter;
import dev.shunt.v1.FilterAction;
import dev.shunt.v1.FilterFinding;
import dev.shunt.v1.FilterMode;
import dev.shunt.v1.FilterPoint;
import dev.shunt.v1.FilterRule;
import dev.shunt.v1.FilterTotals;
import dev.shunt.v1.ListFiltersResponse;
import dev.shunt.v1.PacketTotals;
import dev.shunt.v1.TestPacketResponse;

/** Filters as messages. Stateless. */
final class FilterMessages {
  private FilterMessages() {}

  static ListFiltersResponse filters(FilterStatus status) {
    ListFiltersResponse.Builder message = ListFiltersResponse.newBuilder();
    status.filters().forEach(filter -> message.addFilters(filter(filter)));
    status
        .points()
        .forEach(
            point ->
                message.addPoints(
                    FilterPoint.newBuilder()
                        .setAt(point.at())
                        .setHook(point.hook())
                        .setVersion(point.version())
                        .setRules(point.rules())
                        .setError(point.error())));
    return message.setTotals(totals(status.totals())).setPackets(packets(status.packets())).build();
  }

  private static Filter filter(FilterStatus.Filter filter) {
    Filter.Builder message =
        Filter.newBuilder()
            .setKind(filter.kind())
            .setName(filter.name())
            .setWhere(filter.where())
            .setPriority(filter.order().priority())
            .setAllowLockout(filter.order().allowsLockout());
    filter.rules().forEach(rule -> message.addRules(rule(rule)));
    return message.build();
  }

  private static FilterRule rule(FilterStatus.Rule rule) {
    FilterRule.Builder message =
        FilterRule.newBuilder()
            .setName(rule.name())
            .setAction(action(rule.action()))
            .setMode(mode(rule.mode()))
            .setMatch(rule.match())
            .setHits(rule.count().hits())
            .setDenied(rule.count().denied())
            .setBytes(rule.count().bytes());
    rule.findings()
        .forEach(
            finding ->
                message.addFindings(
                    FilterFinding.newBuilder().setKind(finding.kind()).setText(finding.text())));
    return message.build();
  }

  private static FilterTotals totals(FilterStatus.Totals totals) {
    return FilterTotals.newBuilder()
        .setAttempts(totals.attempts())
        .setDenied(totals.denied())
        .setMonitored(totals.monitored())
        .setUnmatched(totals.unmatched())
        .setIncomplete(totals.incomplete())
        .setEventsLost(totals.eventsLost())
        .setEventsSampled(totals.eventsSampled())
        .build();
  }

  private static PacketTotals packets(FilterStatus.PacketTotals totals) {
    return PacketTotals.newBuilder()
        .setPackets(totals.packets())
        .setUnmatched(totals.unmatched())
        .putAllOdd(totals.odd())
        .setEventsLost(totals.eventsLost())
        .setEventsSampled(totals.eventsSampled())
        .build();
  }

  static Denial denial(DenialView view, long lost) {
    DenialView.Attempt attempt = view.attempt();
    Denial.Builder message =
        Denial.newBuilder()
            .setTime(Times.toProto(view.time()))
            .setRule(view.rule())
            .setMode(mode(view.mode()))
            .setAt(attempt.at())
            .setProtocol(attempt.protocol())
            .setDestinationAddress(AddressText.format(attempt.destination().getAddress()))
            .setDestinationPort(attempt.destination().getPort())
            .setCause(attempt.cause())
            .setPid(view.caller().pid())
            .setCommand(view.caller().command())
            .setExecutable(view.caller().executable())
            .setCgroup(view.caller().cgroup())
            .setNamespace(view.caller().namespace())
            .setLost(lost);
    attempt
        .source()
        .ifPresent(
            source ->
                message
                    .setSourceAddress(AddressText.format(source.getAddress()))
                    .setSourcePort(source.getPort()));
    return message.build();
  }

  static TestPacketResponse answer(PacketAnswer answer) {
    TestPacketResponse.Builder message =
        TestPacketResponse.newBuilder()
            .setAction(action(answer.action()))
            .setRule(answer.rule())
            .setMonitored(answer.monitored())
            .addAllPassedOver(answer.passedOver());
    answer.live().ifPresent(live -> message.setLive(action(live)));
    return message.build();
  }

  private static FilterAction action(FilterStatus.Action action) {
    return FilterAction.valueOf("FILTER_ACTION_" + action.name());
  }

  private static FilterMode mode(FilterStatus.Mode mode) {
    return FilterMode.valueOf("FILTER_MODE_" + mode.name());
  }
}
