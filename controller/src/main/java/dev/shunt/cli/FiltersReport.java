package dev.shunt.cli;

import dev.shunt.v1.Filter;
import dev.shunt.v1.FilterAction;
import dev.shunt.v1.FilterFinding;
import dev.shunt.v1.FilterPoint;
import dev.shunt.v1.FilterRule;
import dev.shunt.v1.FilterTotals;
import dev.shunt.v1.ListFiltersRequest;
import dev.shunt.v1.ListFiltersResponse;
import dev.shunt.v1.PacketTotals;
import dev.shunt.v1.TestPacketRequest;
import dev.shunt.v1.TestPacketResponse;

/**
 * Filters for people and for scripts.
 *
 * @param out where they go
 */
record FiltersReport(Output out) {
  private static ListFiltersResponse ask(NodeSession session) {
    return session.filters().listFilters(ListFiltersRequest.getDefaultInstance());
  }

  /** Writes filters and places. */
  int list(NodeSession session) {
    ListFiltersResponse filters = ask(session);
    StringBuilder text = new StringBuilder();
    if (filters.getFiltersCount() == 0) {
      text.append("no filter is in force\n");
    } else {
      Table table =
          Table.of(
              Table.text("FILTER"),
              Table.text("WHERE"),
              Table.number("PRIORITY"),
              Table.number("RULES"),
              Table.number("HITS"),
              Table.number("DENIED"));
      for (Filter filter : filters.getFiltersList()) {
        table.row(
            filter.getKind() + " " + filter.getName(),
            filter.getWhere(),
            filter.getPriority(),
            filter.getRulesCount(),
            Units.count(filter.getRulesList().stream().mapToLong(FilterRule::getHits).sum()),
            Units.count(filter.getRulesList().stream().mapToLong(FilterRule::getDenied).sum()));
      }
      text.append(table.render());
    }
    text.append(points(filters)).append(findings(filters));
    out.result(MessageTree.of(filters), text.toString());
    return ExitCode.OK;
  }

  /** Writes rules and their counters. */
  int hits(NodeSession session) {
    ListFiltersResponse filters = ask(session);
    Table table =
        Table.of(
            Table.text("RULE"),
            Table.text("ACTION"),
            Table.text("MODE"),
            Table.number("HITS"),
            Table.number("DENIED"),
            Table.text("MATCH"));
    for (Filter filter : filters.getFiltersList()) {
      for (FilterRule rule : filter.getRulesList()) {
        table.row(
            filter.getName() + "/" + rule.getName(),
            Names.of(rule.getAction()),
            Names.of(rule.getMode()),
            Units.count(rule.getHits()),
            Units.count(rule.getDenied()),
            rule.getMatch());
      }
    }
    String text = table.isEmpty() ? "no filter is in force\n" : table.render();
    out.result(
        MessageTree.of(filters),
        text + totals(filters.getTotals()) + packets(filters.getPackets()) + findings(filters));
    return ExitCode.OK;
  }

  private String points(ListFiltersResponse filters) {
    StringBuilder text = new StringBuilder();
    for (FilterPoint point : filters.getPointsList()) {
      text.append(
          "at %s: %s, rule set %d with %d rules%n"
              .formatted(
                  point.getAt(),
                  point.getHook().isEmpty() ? "not attached" : point.getHook(),
                  point.getVersion(),
                  point.getRules()));
      if (!point.getError().isEmpty()) {
        text.append(out.paint().warning("at " + point.getAt() + ": " + point.getError() + "\n"));
      }
    }
    return text.toString();
  }

  private String findings(ListFiltersResponse filters) {
    StringBuilder text = new StringBuilder();
    for (Filter filter : filters.getFiltersList()) {
      for (FilterRule rule : filter.getRulesList()) {
        for (FilterFinding finding : rule.getFindingsList()) {
          text.append(
              out.paint()
                  .warning(
                      "%s/%s: %s (%s)%n"
                          .formatted(
                              filter.getName(),
                              rule.getName(),
                              finding.getText(),
                              finding.getKind())));
        }
      }
    }
    return text.toString();
  }

  private static String packets(PacketTotals totals) {
    return totals.getPackets() == 0
        ? ""
        : "%s packets: %s matched by no rule, %s odd%n"
            .formatted(
                Units.count(totals.getPackets()),
                Units.count(totals.getUnmatched()),
                Units.count(totals.getOddMap().values().stream().mapToLong(n -> n).sum()));
  }

  private static String totals(FilterTotals totals) {
    return "%s attempts: %s denied, %s only monitored, %s matched by no rule%n"
        .formatted(
            Units.count(totals.getAttempts()),
            Units.count(totals.getDenied()),
            Units.count(totals.getMonitored()),
            Units.count(totals.getUnmatched()));
  }

  /** Writes what would happen to a packet. */
  int test(NodeSession session, FiltersCommand.Question question) {
    TestPacketRequest request =
        TestPacketRequest.newBuilder()
            .setPacket(question.packet())
            .setAt(question.at())
            .setExecutable(question.executable())
            .setCgroup(question.cgroup())
            .setNamespace(question.namespace())
            .setLive(question.live())
            .build();
    TestPacketResponse answer = session.filters().testPacket(request);
    StringBuilder text = new StringBuilder();
    answer.getPassedOverList().forEach(line -> text.append("not ").append(line).append('\n'));
    text.append(Names.of(answer.getAction()));
    text.append(answer.getRule().isEmpty() ? ": no rule matches" : ": by rule " + answer.getRule());
    if (!answer.getMonitored().isEmpty()) {
      text.append("; monitoring rule ").append(answer.getMonitored()).append(" matches first");
    }
    text.append('\n');
    if (answer.getLive() != FilterAction.FILTER_ACTION_UNSPECIFIED) {
      text.append("the program: ").append(Names.of(answer.getLive())).append('\n');
    }
    out.result(MessageTree.of(answer), text.toString());
    return ExitCode.OK;
  }
}
