package dev.shunt.e2e.demo;

import dev.shunt.cli.Table;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The demo's result for a person. Pure. */
final class DemoTable {
  private static final String CHAIN =
      "wrk > [REDIRECT] haproxy > veth > [REDIRECT] haproxy > nginx, two pods of one node";

  private DemoTable() {}

  static String of(DemoReport report) {
    DemoOptions options = report.options();
    String head =
        String.format(
            Locale.ROOT,
            "%s%n%d connections, %d B bodies, medians of %d interleaved rounds of %d s each%n%n",
            CHAIN,
            options.connections(),
            options.bodyBytes(),
            options.rounds(),
            options.seconds());
    return head + measures(report) + "\n" + bytes(report) + reasons(report);
  }

  private static String measures(DemoReport report) {
    Table table =
        Table.of(
            Table.text("MEASURE"),
            Table.number("PLAIN"),
            Table.number("ACCELERATED"),
            Table.number("RATIO"),
            Table.number("SPREAD"));
    row(table, report, "requests/s", RunSample::requestsPerSecond, DemoRound::ratioRequests);
    row(table, report, "p50 us", RunSample::p50Micros, DemoRound::ratioP50);
    row(table, report, "p99 us", RunSample::p99Micros, DemoRound::ratioP99);
    row(table, report, "CPU us/request", RunSample::cpuMicrosPerRequest, DemoRound::ratioCpu);
    table.row(
        "device B/request",
        whole(report.plain(RunSample::deviceBytesPerRequest)),
        whole(report.accelerated(RunSample::deviceBytesPerRequest)),
        "",
        "");
    return table.render();
  }

  private static void row(
      Table table,
      DemoReport report,
      String name,
      ToDoubleFunction<RunSample> measure,
      ToDoubleFunction<DemoRound> ratio) {
    table.row(
        name,
        whole(report.plain(measure)),
        whole(report.accelerated(measure)),
        String.format(Locale.ROOT, "%.2fx", report.ratio(ratio)),
        String.format(Locale.ROOT, "%.2f-%.2f", report.lowest(ratio), report.highest(ratio)));
  }

  private static String bytes(DemoReport report) {
    NodeStats stats = report.stats();
    return String.format(
        Locale.ROOT,
        "redirected at least %.2f %% of the payload: %,d bytes in %,d messages; devices saw %,d"
            + " bytes with headers; %,d spills%n",
        100 * report.shareRedirected(),
        stats.bytesRedirected(),
        stats.messagesRedirected(),
        report.deviceBytes(),
        stats.spills());
  }

  private static String reasons(DemoReport report) {
    Map<String, ReasonCount> reasons = report.stats().reasons();
    if (reasons.isEmpty()) {
      return "";
    }
    Table table =
        Table.of(Table.text("REASON"), Table.number("CONNECTIONS"), Table.number("MESSAGES"));
    reasons.forEach((name, count) -> table.row(name, count.connections(), count.messages()));
    return "\n" + table.render();
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
