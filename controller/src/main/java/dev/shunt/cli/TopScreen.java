package dev.shunt.cli;

import dev.shunt.v1.EndpointStats;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.ReasonCount;
import dev.shunt.v1.Totals;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code shunt top} shows of two readings, as text. Stateless. */
final class TopScreen {
  private static final int REASONS_MAX = 6;

  private record Row(String name, Totals totals, Rates rates) {}

  private TopScreen() {}

  /**
   * The full view.
   *
   * @param lines that fit; the rest is left out
   */
  static String full(GetStatsResponse before, GetStatsResponse after, int lines) {
    double seconds = Rates.seconds(before.getTime(), after.getTime());
    Rates rates = Rates.between(before.getTotals(), after.getTotals(), seconds);
    String text =
        "shunt top  %s paired, %s adopted now%n"
                .formatted(
                    Units.count(after.getConnectionsPairedNow()),
                    Units.count(after.getConnectionsAdoptedNow()))
            + "redirected %s, by TCP %s (%s redirected), %s messages/s, %s spills/s%n%n"
                .formatted(
                    rate(rates.bytesRedirected()),
                    rate(rates.bytesPassed()),
                    share(rates),
                    Units.count(rates.messagesRedirected()),
                    Units.count(rates.spills()))
            + endpoints(before, after, seconds)
            + "\n"
            + reasons(before.getTotals(), after.getTotals(), seconds);
    return String.join("\n", text.lines().limit(Math.max(1, lines)).toList()) + "\n";
  }

  /** One line, for logs and pipes. */
  static String line(GetStatsResponse before, GetStatsResponse after) {
    double seconds = Rates.seconds(before.getTime(), after.getTime());
    Rates rates = Rates.between(before.getTotals(), after.getTotals(), seconds);
    return "redirected %s  by TCP %s  share %s  messages/s %s  spills/s %s  paired %s  adopted %s%n"
        .formatted(
            rate(rates.bytesRedirected()),
            rate(rates.bytesPassed()),
            share(rates),
            Units.count(rates.messagesRedirected()),
            Units.count(rates.spills()),
            Units.count(after.getConnectionsPairedNow()),
            Units.count(after.getConnectionsAdoptedNow()));
  }

  private static String endpoints(GetStatsResponse before, GetStatsResponse after, double seconds) {
    Map<Integer, Totals> earlier = new HashMap<>();
    before.getEndpointsList().forEach(e -> earlier.put(e.getId(), e.getTotals()));
    List<Row> rows =
        after.getEndpointsList().stream()
            .map(endpoint -> row(endpoint, earlier, seconds))
            .sorted(
                Comparator.comparingDouble((Row row) -> row.rates().bytesRedirected())
                    .thenComparing(row -> row.totals().getBytesRedirected())
                    .reversed())
            .toList();
    Table table =
        Table.of(
            Table.text("ENDPOINT"),
            Table.number("REDIRECTED/s"),
            Table.number("BY TCP/s"),
            Table.number("SHARE"),
            Table.number("MESSAGES/s"),
            Table.number("SPILLS/s"),
            Table.number("TOTAL"));
    for (Row row : rows) {
      table.row(
          row.name(),
          Units.bytes(row.rates().bytesRedirected()),
          Units.bytes(row.rates().bytesPassed()),
          share(row.rates()),
          Units.count(row.rates().messagesRedirected()),
          Units.count(row.rates().spills()),
          Units.bytes(row.totals().getBytesRedirected()));
    }
    return table.render();
  }

  private static Row row(EndpointStats endpoint, Map<Integer, Totals> earlier, double seconds) {
    Totals before = earlier.getOrDefault(endpoint.getId(), endpoint.getTotals());
    return new Row(
        endpoint.getName(),
        endpoint.getTotals(),
        Rates.between(before, endpoint.getTotals(), seconds));
  }

  private static String reasons(Totals before, Totals after, double seconds) {
    Map<Integer, ReasonCount> earlier = new HashMap<>();
    before.getReasonsList().forEach(r -> earlier.put(r.getReasonValue(), r));
    Table table =
        Table.of(Table.text("BY TCP BECAUSE"), Table.number("ENDS/s"), Table.number("MESSAGES/s"));
    after.getReasonsList().stream()
        .sorted(Comparator.comparingLong((ReasonCount r) -> sum(r) - sum(earlier, r)).reversed())
        .limit(REASONS_MAX)
        .forEach(
            count -> {
              ReasonCount was =
                  earlier.getOrDefault(count.getReasonValue(), ReasonCount.getDefaultInstance());
              table.row(
                  Names.of(count.getReason()),
                  perSecond(count.getConnections() - was.getConnections(), seconds),
                  perSecond(count.getMessages() - was.getMessages(), seconds));
            });
    return table.isEmpty() ? "" : table.render();
  }

  private static long sum(Map<Integer, ReasonCount> earlier, ReasonCount count) {
    return sum(earlier.getOrDefault(count.getReasonValue(), ReasonCount.getDefaultInstance()));
  }

  private static long sum(ReasonCount count) {
    return count.getConnections() + count.getMessages();
  }

  private static String perSecond(long difference, double seconds) {
    return Units.count(seconds <= 0 ? 0 : Math.max(0, difference) / seconds);
  }

  private static String rate(double bytes) {
    return Units.bytes(bytes) + "/s";
  }

  private static String share(Rates rates) {
    double all = rates.bytesRedirected() + rates.bytesPassed();
    return all == 0
        ? "-"
        : String.format(Locale.ROOT, "%.1f %%", 100 * rates.bytesRedirected() / all);
  }
}
